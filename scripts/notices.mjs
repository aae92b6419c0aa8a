// The licences of the packages that are bundled into dist/millrace*.js, which must go wherever the bundle goes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `metafile`: of the esbuild build. */
export function noticesFor(metafile, root) {
  const names = new Set(
    Object.keys(metafile.inputs).flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []),
  );
  const parts = [...names].sort().map((name) => {
    const folder = join(root, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`;
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  const line = `\n${'-'.repeat(80)}\n\n`;
  return `dist/millrace*.js contains parts of these packages.\n${line}${parts.join(line)}`;
}
