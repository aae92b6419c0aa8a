// The gateway: the only part of the server that anybody outside can reach. Checks who calls and how much, translates to the
// engine and the read model, describes itself as OpenAPI.
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { FlowError } from '../../../src/index.js';
import type { ReadModel } from '../read-model/read-model.js';
import type { Settings } from '../settings.js';
import { agentRoutes } from './agent-routes.js';
import { archiveRoutes } from './archive-routes.js';
import { Changes } from './changes.js';
import type { GatewayContext } from './context.js';
import type { EngineClient } from './engine-client.js';
import { eventRoutes } from './event-routes.js';
import { flowRoutes } from './flow-routes.js';
import { healthRoutes } from './health-routes.js';
import { instanceRoutes } from './instance-routes.js';
import { createMetrics } from './metrics.js';
import { migrationRoutes } from './migration-routes.js';
import { createAuthenticate } from './principal.js';
import { problemOf } from './problem.js';
import { runRoutes } from './run-routes.js';
import { scheduleRoutes } from './schedule-routes.js';
import { complete } from './openapi/complete.js';
import { SCHEMAS } from './openapi/components.js';
import { OPENAPI } from './openapi/document.js';
import { taskRoutes } from './task-routes.js';
import { Visibility } from './visibility.js';

export interface GatewayParts {
  readonly settings: Settings;
  readonly engine: EngineClient;
  readonly model: ReadModel;
}

/** Paths that anybody may ask for. They tell nothing about anybody. */
const OPEN = new Set(['/health', '/ready', '/openapi.json']);
/** Refused credentials per address and minute: more look like guessing. */
const WRONG_KEYS = 60;
/** No form and no message is nested deeper; much more would be too deep for the engine. */
const DEEPEST = 200;

export async function createGateway({ settings, engine, model }: GatewayParts): Promise<FastifyInstance> {
  const app = fastify({
    logger: { level: settings.logLevel, redact: ['req.headers.authorization', 'req.headers["x-api-key"]'] },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: settings.limits.bodyBytes,
    routerOptions: { maxParamLength: 300 },
    requestIdHeader: false,
    ajv: {
      customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, keywords: ['x-as', 'x-json'] },
    },
    forceCloseConnections: true,
    // What cannot be read as an address at all.
    frameworkErrors: (error, _, reply) => {
      const { status, body } = problemOf(error);
      void (reply as FastifyReply).status(status).send(body);
    },
  });
  const visibility = new Visibility(settings.permissions, (tenant, hash) => model.definition(tenant, hash));
  const changes = new Changes(model, (error) => app.log.warn(error, 'the read model did not answer'));
  const context: GatewayContext = { settings, engine, model, visibility, changes };

  takeJson(app);
  // What is sent is what the engine holds; the schemas of answers are for readers of the document.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = problemOf(error);
    if (status >= 500) request.log.error({ err: error, code: body.code }, 'request failed');
    else request.log.warn({ ...callerOf(request), code: body.code, reason: body.message }, 'request refused');
    if (status === 503) reply.header('retry-after', '1');
    return reply.status(status).send(body);
  });
  app.setNotFoundHandler(() => {
    throw new FlowError('FLOW-NOT-FOUND', 'There is nothing at this address; /openapi.json says what there is.');
  });
  for (const schema of SCHEMAS) app.addSchema(schema);

  const metrics = createMetrics(model, changes);
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.observe(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    request.log.info(
      {
        ...callerOf(request),
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
  await app.register(cors, {
    origin: [...settings.cors],
    methods: ['GET', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'last-event-id', 'prefer', 'x-api-key'],
    exposedHeaders: ['location', 'retry-after'],
    maxAge: 600,
    strictPreflight: false,
  });
  await app.register(rateLimit, {
    max: settings.limits.requestsPerMinute,
    timeWindow: '1 minute',
    hook: 'preValidation',
    allowList: (request) => OPEN.has(request.routeOptions.url ?? ''),
    keyGenerator: ({ principal, ip }) => (principal ? `${principal.tenant}/${principal.id}` : ip),
    errorResponseBuilder: (_, { after }) =>
      new FlowError('FLOW-TOO-MANY', `Too many requests. Try again in ${after}.`, {}, { retryable: true }),
  });
  await guard(app, settings);
  await app.register(swagger, {
    openapi: OPENAPI as unknown as NonNullable<FastifyDynamicSwaggerOptions['openapi']>,
    transformObject: (document) =>
      'openapiObject' in document ? complete(document.openapiObject) : document.swaggerObject,
    refResolver: { buildLocalReference: ({ $id }, _, __, i) => (typeof $id === 'string' ? $id : `Schema${i}`) },
  });
  // Within a plugin, so that the description has seen the plugin that collects it.
  const routes = [
    flowRoutes,
    instanceRoutes,
    migrationRoutes,
    archiveRoutes,
    runRoutes,
    taskRoutes,
    eventRoutes,
    scheduleRoutes,
    agentRoutes,
  ];
  await app.register(async (scope) => {
    for (const add of [...routes, healthRoutes(context, metrics)]) add(scope, context);
  });
  app.addHook('onClose', async () => changes.close());
  await app.ready();
  return app;
}

/** Everything but the open paths needs a caller that is known. */
async function guard(app: FastifyInstance, settings: Settings): Promise<void> {
  const authenticate = createAuthenticate(settings);
  const countWrong = app.createRateLimit({ max: WRONG_KEYS, timeWindow: '1 minute', keyGenerator: ({ ip }) => ip });
  app.decorateRequest('principal', undefined as never);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
    if (request.method === 'OPTIONS' || OPEN.has(request.routeOptions.url ?? '')) return;
    const { authorization } = request.headers;
    const apiKey = request.headers['x-api-key'];
    try {
      request.principal = await authenticate({
        ...(authorization === undefined ? {} : { authorization }),
        ...(typeof apiKey === 'string' ? { apiKey } : {}),
      });
    } catch (error) {
      const counted = await countWrong(request);
      if (!counted.isAllowed && counted.isExceeded) {
        reply.header('retry-after', String(counted.ttlInSeconds));
        throw new FlowError('FLOW-TOO-MANY', 'Too many refused credentials from this address. Wait a minute.');
      }
      reply.header('www-authenticate', 'Bearer');
      throw error;
    }
  });
}

/** JSON and nothing else. Many clients name the type of a body that they do not send. */
function takeJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.trim() === '') done(null, null);
    else if (depthOf(body) > DEEPEST)
      done(new FlowError('FLOW-REQUEST', `The body is nested more than ${DEEPEST} levels deep.`), undefined);
    else parse(request, body, done);
  });
}

/** Deepest level of objects and lists in a JSON text. */
function depthOf(text: string): number {
  let [depth, deepest, isInText] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (isInText && c === '\\') i++;
    else if (c === '"') isInText = !isInText;
    else if (isInText) continue;
    else if (c === '[' || c === '{') deepest = Math.max(deepest, ++depth);
    else if (c === ']' || c === '}') depth--;
  }
  return deepest;
}

function callerOf({ principal, ip }: FastifyRequest): Record<string, unknown> {
  return principal ? { tenant: principal.tenant, user: principal.id } : { ip };
}
