// Whether the server works, who asks, and the document that describes all of it.
import type { GatewayContext, Routes } from './context.js';
import type { Metrics } from './metrics.js';
import { demand } from './principal.js';
import { answers, object, text } from './schemas.js';

const up = { type: 'boolean' };
const parts = object({ engine: up, readModel: up }, ['engine', 'readModel']);

export const healthRoutes =
  ({ settings, engine, model }: GatewayContext, metrics: Metrics): Routes =>
  (app) => {
    // For load balancers and watchers, who have no credentials.
    const open = { tags: ['health'], security: [] };
    const answer = (description: string, schema: object): object => ({
      description,
      content: { 'application/json': { schema } },
    });

    app.get(
      '/health',
      {
        schema: {
          ...open,
          operationId: 'getHealth',
          summary: 'Whether the gateway lives',
          response: { 200: answer('It does.', object({ status: { enum: ['up'] } }, ['status'])) },
        },
      },
      async () => ({ status: 'up' }),
    );

    app.get(
      '/ready',
      {
        schema: {
          ...open,
          operationId: 'getReadiness',
          summary: 'Whether engine and read model answer',
          response: { 200: answer('Both do.', parts), 503: answer('One of them does not.', parts) },
        },
      },
      async (_, reply) => {
        const found = { engine: await engine.isReady(), readModel: await model.isReady() };
        return reply.status(found.engine && found.readModel ? 200 : 503).send(found);
      },
    );

    app.get(
      '/openapi.json',
      {
        schema: {
          ...open,
          operationId: 'getDescription',
          summary: 'This document',
          response: { 200: answer('OpenAPI 3.1.', { type: 'object', additionalProperties: true }) },
        },
      },
      async () => app.swagger(),
    );

    app.get(
      '/metrics',
      {
        schema: {
          tags: ['health'],
          operationId: 'getMetrics',
          summary: 'Figures for Prometheus',
          description: 'For those who may operate.',
          response: answers({ 200: { content: { 'text/plain': { schema: text } } } }, 403),
        },
      },
      async (request, reply) => {
        demand(request.principal, settings.permissions, 'operate');
        return reply
          .type(metrics.registry.contentType)
          .serializer(String)
          .send(await metrics.registry.metrics());
      },
    );

    app.get(
      '/v1/me',
      {
        schema: {
          tags: ['callers'],
          operationId: 'getCaller',
          summary: 'Who the caller is here',
          response: answers({ 200: { $ref: 'Caller#' } }),
        },
      },
      async ({ principal: { id, name, roles, tenant, delegate } }) => ({ id, name, roles, tenant, delegate }),
    );
  };
