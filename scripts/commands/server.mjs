// `npm run server`: engine, flow service and gateway. Their packages are the server's own and are installed when first needed.
import { installDependencies } from '../setup/dependencies.mjs';
import { run } from './spawn.mjs';

export async function main(args) {
  installDependencies('server');
  const { code } = await run(process.execPath, ['--import', 'tsx', 'server/src/start.ts', ...args]);
  return code;
}
