// `npm run bench`: the others that are measured too are bench's own packages, installed when first needed. Bundled before it runs, as pages
// get it, so that nothing is measured that only a development tool does.
import { build } from 'esbuild';
import { installDependencies, root } from '../setup/dependencies.mjs';
import { run } from './spawn.mjs';

export async function main(args) {
  installDependencies('bench');
  await build({
    entryPoints: [`${root}/bench/main.ts`],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile: `${root}/bench/main.built.mjs`,
    logLevel: 'error',
  });
  const { code } = await run(process.execPath, ['bench/main.built.mjs', ...args], {
    env: { NODE_ENV: 'production' },
  });
  return code;
}
