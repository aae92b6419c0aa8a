// `npm run build`, `size`, `millrace`, `format`: a script or tool of this project, with the terminal to itself, so that what it
// prints on standard output can be piped.
import { spawnSync } from 'node:child_process';
import { root } from '../setup/dependencies.mjs';

const SCRIPTS = {
  build: ['scripts/build.mjs'],
  docs: ['--import', 'tsx', 'scripts/docs.mjs'],
  size: ['scripts/size.mjs'],
  format: ['node_modules/oxfmt/bin/oxfmt', '.'],
  millrace: ['--import', 'tsx', 'src/cli/bin.ts'],
};

export function own(name) {
  return {
    main: (args) =>
      spawnSync(process.execPath, [...SCRIPTS[name], ...args], { cwd: root, stdio: 'inherit' }).status ?? 1,
  };
}
