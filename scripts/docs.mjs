// `npm run docs`: writes what is generated of the documents, and the site. `--check` writes nothing and fails when the generated pages
// are not up to date; `--reference` makes no site.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { apiPage } from './reference/api.mjs';
import { definitionPage } from './reference/definition.mjs';
import { elementsPage } from './reference/elements.mjs';
import { llmsText } from './reference/llms.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

export async function referencePages() {
  execFileSync(process.execPath, [join(root, 'node_modules/@custom-elements-manifest/analyzer/cem.js'), 'analyze'], {
    cwd: root,
    stdio: 'pipe',
  });
  const manifest = JSON.parse(readFileSync(join(root, 'custom-elements.json'), 'utf8'));
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { flowSchema } = await tsImport('../src/model/flow-schema.ts', import.meta.url);
  const pages = {
    'docs/reference/elements.md': elementsPage(manifest),
    'docs/reference/definition.md': definitionPage(root, flowSchema),
  };
  // Changes with every type, so it is made for the site only.
  const api = { 'docs/reference/api.md': apiPage(root, exports) };
  return { pages: { ...pages, 'llms.txt': llmsText(root, pages) }, api };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { pages, api } = await referencePages();
  const stale = Object.entries(pages).filter(
    ([file, text]) => !existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== text,
  );
  if (process.argv.includes('--check')) {
    for (const [file] of stale) console.error(`${file} is not up to date: npm run docs`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    for (const [file, text] of stale) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    if (!process.argv.includes('--reference')) {
      const { buildSite } = await import('./site/build-site.mjs');
      console.log(`The site is in ${buildSite(root, api)}.`);
    }
  }
}
