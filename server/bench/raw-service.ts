// What the engine can do without us: one invocation with so many durable steps. Registers itself with the engine named in the
// environment.
import '../src/flow-service/with-resolvers.js';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createEndpointHandler, service, type Context } from '@restatedev/restate-sdk';
import { registerWithEngine } from '../src/engine/register.js';

const raw = service({
  name: 'Raw',
  handlers: {
    run: async (ctx: Context, { steps }: { steps: number }) => {
      for (let i = 0; i < steps; i++) await ctx.run(`step ${i}`, () => ({ key: i }));
      return { steps };
    },
  },
});

const server = createServer(createEndpointHandler({ services: [raw], logger: () => {} }));
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
await registerWithEngine(process.env['ENGINE_ADMIN']!, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
console.info('ready');
