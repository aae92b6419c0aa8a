// `npm run bench`: the others that are measured too are bench's own packages, installed when first needed. Bundled before it runs, as pages
// get it, so that nothing is measured that only a development tool does.
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';
import { installDependencies, root } from '../setup/dependencies.mjs';

export async function main(args) {
  installDependencies('bench');
  await build({
    entryPoints: [`${root}/bench/main.ts`],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    // The scripts find what they need by where they stand.
    external: ['../scripts/*'],
    outfile: `${root}/bench/main.built.mjs`,
    logLevel: 'error',
  });
  // The terminal is its own: what it prints with --json can be piped, what it says of its progress not.
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--disable-warning=MaxListenersExceededWarning', 'bench/main.built.mjs', ...args],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, NODE_ENV: 'production' },
    },
  );
  return status ?? 1;
}
