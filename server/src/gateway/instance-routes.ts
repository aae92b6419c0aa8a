// Starting, reading and operating instances.
import type { FastifyReply } from 'fastify';
import { randomUUID } from 'node:crypto';
import { FlowError, type InstanceView, type Json, type JsonObject, type User } from '../../../src/index.js';
import { matchesQuery } from '../../../src/hosts/kit.js';
import type { Operation } from '../flow-service/objects.js';
import { first } from '../read-model/search.js';
import { actor, idempotencyKeyOf, untilKnown, visibleInstance, type GatewayContext, type Routes } from './context.js';
import { searchOf, type Search } from './instance-search.js';
import { demand, may, type Principal } from './principal.js';
import {
  anyObject,
  anyValue,
  answers,
  atMost,
  body,
  idempotency,
  json,
  limit,
  listOf,
  number,
  pathOf,
  queryOf,
  startSchema,
  STATUSES,
  text,
} from './schemas.js';

interface StartBody {
  readonly flow: string;
  readonly input?: JsonObject;
  readonly id?: string;
  readonly key?: string;
  readonly once?: boolean;
  readonly user?: User;
}

/** Most flows are at rest by then; the others are looked for, ms. */
const PATIENCE = 250;
const BETWEEN_LOOKS = 100;
const byId = { params: pathOf('id') };
const instanceSchema = { $ref: 'Instance#' };
const NOTHING = (when: string): string => `An instance that ${when} is answered as it is, with the same \`v\`.`;
const STALE = (when: string): string =>
  `For an instance that ${when} this is refused (\`FLOW-STALE\`), and nothing happens.`;

export const instanceRoutes: Routes = (app, context) => {
  const { settings, model, visibility } = context;

  app.post<{ Body: StartBody }>(
    '/v1/instances',
    {
      schema: {
        tags: ['instances'],
        operationId: 'startInstance',
        summary: 'Start a flow',
        description:
          'Answers when the start is kept. By then a flow of short calls has come to rest; others go on, see `watchInstances`.',
        body: startSchema,
        response: answers({ 201: instanceSchema }, 400, 403, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const started = await start(context, request.principal, request.body, actor(request, request.body.user));
      return reply
        .status(201)
        .header('location', `/v1/instances/${encodeURIComponent(started.id)}`)
        .send(started);
    },
  );

  app.get<{ Querystring: Search }>(
    '/v1/instances',
    {
      schema: {
        tags: ['instances'],
        operationId: 'listInstances',
        summary: 'Search instances, newest first',
        description:
          'Only those that the caller may see are given. For the next page, ask again with `after`, until one is shorter than `limit`.',
        querystring: queryOf({
          flow: text,
          kind: { enum: ['microflow', 'process'] },
          status: { ...listOf({ enum: STATUSES }), description: 'One or several, with commas between them.' },
          key: { ...text, description: 'Business key.' },
          startedBy: text,
          since: { ...number, description: 'Started at or after; epoch ms.' },
          until: { ...number, description: 'Started before; epoch ms.' },
          changedSince: { ...number, description: 'Changed at or after; epoch ms.' },
          role: { ...text, description: 'With an open task for this role.' },
          variables: {
            ...json,
            description:
              'Variables with exactly these values (texts, numbers, booleans); a path reaches into objects: `{"customer.id": "c1"}`. Only in what the caller may read.',
          },
          after: { ...text, description: 'Id of the last instance of the page before.' },
          limit,
        }),
        response: answers({ 200: { type: 'array', items: instanceSchema } }, 400, 404),
      },
    },
    async (request) => {
      const { principal, query } = request;
      const { tenant } = principal;
      const search = searchOf(query);
      if (search.after !== undefined && (await model.version(tenant, search.after)) === undefined)
        throw new FlowError('FLOW-UNKNOWN-INSTANCE', `There is no instance "${search.after}" to go on after.`);
      const concerning = await visibility.concerning(principal, () => model.hashes(tenant));
      const found = model.instances(tenant, { ...search, ...(concerning ? { concerning } : {}) });
      async function* shown(): AsyncGenerator<InstanceView> {
        for await (const one of found) {
          const view = await visibility.show(principal, one);
          // What is not shown cannot be searched for, either.
          if (view && matchesQuery(search, view, { status: view.status, pool: view.variables }, view)) yield view;
        }
      }
      return first(shown(), atMost(query.limit));
    },
  );

  app.get<{ Params: { id: string } }>(
    '/v1/instances/:id',
    {
      schema: {
        tags: ['instances'],
        operationId: 'getInstance',
        summary: 'One instance',
        ...byId,
        response: answers({ 200: instanceSchema }, 404),
      },
    },
    (request) => visibleInstance(context, request.principal, request.params.id),
  );

  app.get<{ Params: { id: string }; Querystring: { after?: string } }>(
    '/v1/instances/:id/history',
    {
      schema: {
        tags: ['instances'],
        operationId: 'getHistory',
        summary: 'Every step of an instance, oldest first',
        description: 'For those who may see its variables: who started it, and the roles that may read.',
        ...byId,
        querystring: queryOf({ after: { ...number, description: 'Only records with a higher `seq`.' } }),
        response: answers({ 200: { type: 'array', items: { $ref: 'HistoryRecord#' } } }, 403, 404),
      },
    },
    async (request) => {
      const { principal, params, query } = request;
      const shown = await visibleInstance(context, principal, params.id);
      if (shown.startedBy !== principal.id) demand(principal, settings.permissions, 'read');
      await untilKnown(model, principal.tenant, shown.id, shown.v);
      return model.history(principal.tenant, params.id, Number(query.after ?? 0));
    },
  );

  const operations: Readonly<
    Record<string, { summary: string; description: string; properties: JsonObject; required?: string[] }>
  > = {
    cancel: {
      summary: 'Cancel an instance',
      description: `Whoever started it may, and those who may operate. Undoes what its spheres say. ${NOTHING('is over')}`,
      properties: {},
    },
    retry: {
      summary: 'Take failed activities up again',
      description: `One, or all that have failed; what has completed is not done again. ${STALE('has not failed')}`,
      properties: {
        token: { ...text, description: 'Of the run, in `activities`; default: all.' } as JsonObject,
        variables: anyObject as JsonObject,
      },
    },
    skip: {
      summary: 'Take a failed or waiting activity for done',
      description: `With an output of your choice. ${STALE('has no such activity run')}`,
      properties: {
        token: { ...text, description: 'Of the run, in `activities`.' } as JsonObject,
        output: anyValue as JsonObject,
      },
      required: ['token'],
    },
    edit: {
      summary: 'Write variables of an instance that is not over',
      description: `What has failed stays failed until it is taken up again. ${STALE('is over')}`,
      properties: { variables: anyObject as JsonObject },
      required: ['variables'],
    },
  };
  const reason = { ...text, description: 'Kept in the history, with who did it.' } as JsonObject;
  for (const [type, { summary, description, properties, required = [] }] of Object.entries(operations)) {
    app.post<{ Params: { id: string }; Body: Record<string, Json> | null }>(
      `/v1/instances/:id/${type}`,
      {
        schema: {
          tags: ['instances'],
          operationId: `${type}Instance`,
          summary,
          description,
          headers: idempotency,
          ...byId,
          body: body({ ...properties, reason, user: { $ref: 'User#' } }, required),
          response: answers({ 200: instanceSchema }, 403, 404, 409, 422),
        },
      },
      (request, reply) => {
        const { user, ...given } = request.body ?? {};
        const { id: by } = actor(request, user as User | undefined);
        const operation = { ...given, type, by } as unknown as Operation;
        return operate(context, request.principal, request.params.id, operation, idempotencyKeyOf(request), reply);
      },
    );
  }
};

/** Starts an instance and gives what the caller may see of it; after `patience` ms, what is heard of it by then. */
export async function start(
  { settings, engine, model, visibility }: GatewayContext,
  principal: Principal,
  { flow, input = {}, id = randomUUID(), key, once }: StartBody,
  startedBy: User,
  patience: number = PATIENCE,
): Promise<InstanceView> {
  demand(principal, settings.permissions, 'start');
  const { tenant } = principal;
  const hash = (await model.newestHash(tenant, flow)) ?? (await engine.versions(tenant, flow)).at(-1)?.hash;
  if (hash === undefined)
    throw new FlowError('FLOW-UNKNOWN', `There is no flow "${flow}" on the server. Deploy it.`, { flow });
  const answer = engine.start(tenant, {
    flow,
    hash,
    input,
    id,
    startedBy: startedBy.id,
    ...(key === undefined ? {} : { key }),
    ...(once === undefined ? {} : { once }),
  });
  const started = await firstOf(answer, model, tenant, id, patience);
  const shown = await visibility.show(principal, started);
  const isSame = started.flow === flow && (shown !== undefined || started.startedBy === startedBy.id);
  if (!isSame) {
    throw new FlowError('FLOW-ID-TAKEN', `Another instance has the id or key of this start. Choose another one.`, {
      flow,
    });
  }
  // Lists show it: a turn writes the read model before it is answered.
  return shown ?? started;
}

/** The answer of the engine, or, when the flow takes its time, what is heard of it meanwhile. */
async function firstOf(
  answer: Promise<InstanceView>,
  model: GatewayContext['model'],
  tenant: string,
  id: string,
  patience: number,
): Promise<InstanceView> {
  let timer: NodeJS.Timeout | undefined;
  const asked = { isAnswered: false };
  const heard = async (): Promise<InstanceView> => {
    for (let pause = patience; !asked.isAnswered; pause = BETWEEN_LOOKS) {
      await new Promise((resolve) => (timer = setTimeout(resolve, pause)));
      const view = await model.instance(tenant, id);
      if (view) return view;
    }
    return answer;
  };
  try {
    return await Promise.race([answer, heard()]);
  } finally {
    asked.isAnswered = true;
    clearTimeout(timer);
  }
}

async function operate(
  context: GatewayContext,
  principal: Principal,
  id: string,
  operation: Operation,
  idempotencyKey: string | undefined,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { settings, engine, model } = context;
  const before = await visibleInstance(context, principal, id);
  const isOwn = operation.type === 'cancel' && before.startedBy === principal.id;
  if (!isOwn && !may(principal, settings.permissions, 'operate')) demand(principal, settings.permissions, 'operate');
  const { v } = await engine.operate(principal.tenant, id, operation, idempotencyKey);
  await untilKnown(model, principal.tenant, id, v);
  return reply.send(await visibleInstance(context, principal, id));
}
