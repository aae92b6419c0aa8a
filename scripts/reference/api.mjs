// docs/reference/api.md: what each entry of the package exports, from the sources.
import { join, relative } from 'node:path';
import { code } from './elements.mjs';
import { exportsOf } from './sources.mjs';

/** Entries whose exports are the elements' or nothing, or are listed under another entry already. */
const ELSEWHERE = /^\.\/(components\/|millrace\.js|react$|vue$|svelte$)/;
const KINDS = ['function', 'class', 'const', 'interface', 'type'];

export function apiPage(root, packageExports) {
  const entries = Object.entries(packageExports).filter(
    ([name, { default: file }]) => file?.endsWith('.js') && !ELSEWHERE.test(name),
  );
  const listed = new Set();
  const sections = entries.map(([name, { default: file }]) => {
    const source = join(root, file.replace('./dist/', '').replace(/\.js$/, '.ts'));
    const all = unique(exportsOf(source)).sort(byKind);
    const fresh = all.filter((one) => !listed.has(one.file + one.name));
    for (const one of fresh) listed.add(one.file + one.name);
    const again = all.filter((one) => !fresh.includes(one)).map((one) => code(one.name));
    return `## millrace${name.slice(1)}\n\n${again.length > 0 ? `Also, as above: ${again.join(', ')}.\n\n` : ''}${fresh.map((one) => entryOf(one, root)).join('\n')}`;
  });
  return `# What the package exports

Generated from the sources by \`npm run docs\`, by entry. Elements have [a page of their own](elements.md), the types of a definition
[another](definition.md).

${sections.join('\n')}`;
}

function entryOf({ name, kind, comment, code: text, file }, root) {
  const source = relative(root, file).replaceAll('\\', '/');
  // What fills a page is read better where it stands.
  const shown = text.length > 1500 ? `${kind} ${name}` : text;
  return `### ${name}\n\n${comment ? `${comment}\n\n` : ''}\`\`\`ts not-run="a declaration of ${source}"\n${shown}\n\`\`\`\n`;
}

function byKind(a, b) {
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.name.localeCompare(b.name);
}

function unique(all) {
  return [...new Map(all.map((one) => [one.name, one])).values()];
}
