// `npm run server`: engine, flow service and gateway. Their packages are the server's own and are installed when first needed.
// `npm run server -- connector …` tries a connector alone.
import { installDependencies } from '../setup/dependencies.mjs';
import { run } from './spawn.mjs';

export async function main(args) {
  installDependencies('server');
  const [first, ...rest] = args;
  const [file, given] = first === 'connector' ? ['server/src/connectors/try.ts', rest] : ['server/src/start.ts', args];
  const { code } = await run(process.execPath, ['--import', 'tsx', file, ...given]);
  return code;
}
