// `npm run server`: engine, flow service and gateway. Their packages are the server's own and are installed when first needed.
// `npm run server -- connector …` tries a connector alone, `npm run server -- agent NAME` starts an agent.
import { installDependencies } from '../setup/dependencies.mjs';
import { run } from './spawn.mjs';

export async function main(args) {
  const [first, ...rest] = args;
  if (first === 'connector' && /^page(\.|$)/.test(rest[0] ?? '')) {
    const { tryPageConnector } = await import('./page-connector.mjs');
    return tryPageConnector(rest, (line) => console.log(line));
  }
  installDependencies('server');
  const alone = { connector: 'connectors/try.ts', agent: 'agent/main.ts' }[first];
  const [file, given] = alone ? [`server/src/${alone}`, rest] : ['server/src/start.ts', args];
  const { code } = await run(process.execPath, ['--import', './scripts/setup/typescript.mjs', file, ...given]);
  return code;
}
