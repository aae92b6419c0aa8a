// `npm run server -- agent NAME`: an agent with the functions and connectors of its own settings file.
import { FlowError } from '../../../src/index.js';
import { connectAll } from '../connectors/connectors.js';
import { DEFAULT_TENANT } from '../flow-service/contract.js';
import { loadImplementations } from '../flow-service/implementations.js';
import { readSettings } from '../settings.js';
import { startAgent } from './agent.js';

const [name] = process.argv.slice(2);
const { MILLRACE_SERVER: url, MILLRACE_API_KEY: apiKey, MILLRACE_TOKEN: token } = process.env;
if (name === undefined || url === undefined) {
  console.error('MILLRACE_SERVER=URL MILLRACE_API_KEY=KEY npm run server -- agent NAME');
  process.exit(2);
}
try {
  const settings = readSettings();
  // An agent is one tenant's own: all that it has is for it.
  const connectors = await connectAll(settings.connectors, settings.folder);
  const registryOf = await loadImplementations({ ...settings, connectors: {} }, connectors);
  const agent = startAgent({
    name,
    url,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(token === undefined ? {} : { token }),
    registry: registryOf(DEFAULT_TENANT),
    data: settings.data,
    log: (line) => console.error(line),
  });
  console.info(`Agent ${name}, working for ${url}. Stop with Ctrl-C.`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void agent.stop().then(() => process.exit(0)));
} catch (error) {
  console.error(error instanceof FlowError ? error.message : error);
  process.exitCode = 1;
}
