// The gateway as a process of its own. Any number may run; each keeps only its open streams.
import { openReadModel } from '../read-model/read-model.js';
import { readSettings } from '../settings.js';
import { createGateway } from './app.js';
import { EngineClient } from './engine-client.js';

const settings = readSettings();
const model = await openReadModel(settings.database);
const app = await createGateway({ settings, engine: new EngineClient(settings.engine.ingress), model });
await app.listen({ host: settings.gateway.host, port: settings.gateway.port });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void app
      .close()
      .then(() => model.close())
      .then(() => process.exit(0));
  });
}
