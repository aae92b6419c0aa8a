// The flow service: a process that the engine calls for every turn of an instance and every call of an implementation. It
// keeps nothing; any number of them may be started and killed.
import './with-resolvers.js';
import { createServer } from 'node:http2';
import { createEndpointHandler } from '@restatedev/restate-sdk';
import { connectAll } from '../connectors/connectors.js';
import { registerWithEngine } from '../engine/register.js';
import { openReadModel } from '../read-model/read-model.js';
import { readSettings } from '../settings.js';
import { Calls, createActivitiesService } from './activities.js';
import { createAgentObject } from './agent.js';
import { createBusinessKeyObject } from './business-key.js';
import { definitionsFrom, FlowLibrary } from './flow-library.js';
import { createDefinitionObject, createFlowObject } from './flows.js';
import { loadImplementations } from './implementations.js';
import { bringIn } from './incoming.js';
import { createInstanceObject } from './instance.js';
import { createMessageObject } from './message.js';
import { createProjectionService } from './projection.js';
import { forgetOld } from './retention.js';
import { createScheduleObject } from './schedule.js';

const settings = readSettings();
const connectors = await connectAll(settings.connectors, settings.folder);
const registryOf = await loadImplementations(settings, connectors);
const flows = new FlowLibrary(definitionsFrom(settings.engine.ingress));
// A call that is handed over must find the process that makes it; and only a call outside of turns is a span of its own.
const areInTurns = settings.flowService.alone && settings.tracing === undefined;
const calls = new Calls(flows, registryOf, areInTurns);
const model = await openReadModel(settings.database);
await model.skipNumbers();
const { publicKey } = settings.engine;
const handler = createEndpointHandler({
  ...(publicKey === undefined ? {} : { identityKeys: [publicKey] }),
  logger: (meta, message, ...rest) => {
    // The engine logs every call itself; here only what goes wrong is worth a line.
    if (meta.level !== 'warn' && meta.level !== 'error') return;
    const invocation = meta.context?.invocationTarget;
    console.error(JSON.stringify({ level: meta.level, invocation, message: [message, ...rest].map(String).join(' ') }));
  },
  services: [
    createInstanceObject({ flows, calls, model }),
    createActivitiesService(calls),
    createMessageObject(),
    createAgentObject(),
    createDefinitionObject(),
    createFlowObject(),
    createBusinessKeyObject(model),
    createScheduleObject(),
    createProjectionService(model),
  ],
});
const server = createServer(handler);
// Only the engine may call it: it has no authentication of its own.
await new Promise<void>((listening) => server.listen(settings.flowService.port, '127.0.0.1', listening));
await registerWithEngine(settings.engine.admin, settings.flowService.url);
forgetOld({ model, ingress: settings.engine.ingress, retention: settings.retention });
bringIn(connectors, settings);
console.info(`flow service on ${settings.flowService.url}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    // The engine makes what was under way again, with the same keys.
    server.close();
    for (const connected of Object.values(connectors)) void connected.close();
    void model.close().then(() => process.exit(0));
  });
}
