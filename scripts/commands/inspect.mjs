// `npm run inspect`: the bridge to inspectors of XState. `--port=8899`, `--origin=http://127.0.0.1:5173` (as often as needed;
// the demo's is admitted anyway).
import { installDependencies } from '../setup/dependencies.mjs';
import { run } from './spawn.mjs';

export async function main(args) {
  installDependencies('inspection');
  const { code } = await run(process.execPath, ['--import', 'tsx', 'inspection/src/main.ts', ...args]);
  return code;
}
