// Reads exported declarations out of TypeScript sources: name, kind, doc comment, text. Only what this project's style uses:
// declarations at the beginning of a line that end at one, and `export … from` between files.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Everything that a file exports, by name, in order. */
export function exportsOf(file, seen = new Set()) {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const found = [...declarationsIn(text, file)];
  for (const [, names, from] of text.matchAll(/^export (?:type )?(\*|\{[^}]*\}) from '(\.[^']*)';/gm)) {
    const target = join(dirname(file), from.replace(/\.js$/, '.ts'));
    const theirs = exportsOf(target, new Set(seen));
    if (names === '*') found.push(...theirs);
    else {
      for (const part of names.slice(1, -1).split(',')) {
        const [name, as] = part
          .trim()
          .replace(/^type /, '')
          .split(' as ');
        const one = theirs.find((e) => e.name === name);
        if (one) found.push(as ? { ...one, name: as } : one);
      }
    }
  }
  return found;
}

const START =
  /^(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?export (?:abstract )?(async function\*?|function\*?|class|interface|type|const) (\w+)/gm;

function* declarationsIn(text, file) {
  for (const match of text.matchAll(START)) {
    const [whole, comment, kind, name] = match;
    const from = match.index + whole.lastIndexOf('export ');
    yield {
      name,
      file,
      kind: kind.replace(/async |\*/g, ''),
      comment: words(comment),
      code: declaration(text.slice(from), kind),
    };
  }
}

/** Without bodies, which say how and not what. */
function declaration(text, kind) {
  if (kind === 'interface' || kind === 'type') {
    const end = /\n}\n|\n}$|^[^{\n]*;\n/m.exec(text);
    const ends = [
      text.indexOf('\n}\n'),
      text.search(/;\n(?=\n|export|\/\*\*|function|const|interface|type|class|$)/),
    ].filter((i) => i >= 0);
    const at = kind === 'interface' ? ends[0] : Math.min(...ends);
    return text
      .slice(0, end && at === undefined ? end.index : at)
      .replace(/\n?$/, kind === 'interface' ? '\n}' : ';')
      .replace(/^export /, '');
  }
  if (kind === 'class') return text.slice(0, text.indexOf(' {\n')).replace(/^export /, '');
  if (kind === 'const') return text.slice(0, text.search(/ =[ \n]/)).replace(/^export /, '');
  // The body begins after a line that ends with "{" and has closed all that it opened.
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if ('([<'.includes(text[i])) depth++;
    else if (')]'.includes(text[i]) || (text[i] === '>' && text[i - 1] !== '=')) depth--;
    else if (text[i] === '{' && depth === 0 && text[i + 1] === '\n')
      return text
        .slice(0, i)
        .trim()
        .replace(/^export (async )?/, '');
    else if (text[i] === ';' && depth === 0)
      return text
        .slice(0, i)
        .trim()
        .replace(/^export (async )?/, '');
  }
  return '';
}

function words(comment = '') {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}

/** The members of an interface: name, type, doc comment, whether it may be left out. */
export function membersOf({ code }) {
  const members = [];
  const lines = code.split('\n').slice(1);
  let comment = '';
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i].trim();
    if (line.startsWith('/**')) {
      const from = i;
      while (!lines[i].includes('*/')) i++;
      comment = words(
        lines
          .slice(from, i + 1)
          .join('\n')
          .replace('/**', '')
          .replace('*/', ''),
      );
      continue;
    }
    const found = /^readonly ("?[$\w]+"?)(\?)?: (.*?);?$/.exec(line);
    if (found) {
      let [, name, optional, type] = found;
      while (!lines[i].trimEnd().endsWith(';') && i + 1 < lines.length) type += ` ${lines[++i].trim()}`;
      members.push({ name, isOptional: optional === '?', type: type.replace(/;$/, ''), comment });
    }
    if (!line.startsWith('//')) comment = '';
  }
  return members;
}
