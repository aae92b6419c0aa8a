// The work list, what people do to tasks, and messages from outside.
import type { Json, TaskView, User } from '../../../src/index.js';
import { mayDo } from '../../../src/hosts/kit.js';
import type { Signal } from '../flow-service/contract.js';
import { first } from '../read-model/search.js';
import { actor, idempotencyKeyOf, untilKnown, type Routes } from './context.js';
import { demand } from './principal.js';
import {
  anyValue,
  answers,
  atMost,
  body,
  flag,
  idempotency,
  limit,
  listOf,
  pathOf,
  queryOf,
  signalSchema,
  text,
} from './schemas.js';

interface TaskBody {
  readonly to?: string;
  readonly output?: Json;
  readonly user?: User;
}

const user = { $ref: 'User#' };
const actions = {
  claim: { summary: 'Take a task, so that nobody else does it meanwhile', properties: { user } },
  release: { summary: 'Give a task back', properties: { user } },
  delegate: { summary: 'Hand a task on to somebody, by id', properties: { to: text, user } },
  'skip-task': { summary: 'Leave a task out that may be left out', properties: { user } },
  complete: { summary: 'Complete a task', properties: { output: anyValue, user } },
} as const;

export const taskRoutes: Routes = (app, { settings, engine, model }) => {
  app.get<{ Querystring: { user?: string; roles?: string; all?: 'true' | 'false'; limit?: string } }>(
    '/v1/tasks',
    {
      schema: {
        tags: ['tasks'],
        operationId: 'listTasks',
        summary: 'Open tasks that the caller may do, oldest first',
        querystring: queryOf({
          user: { ...text, description: 'For this user instead; only for keys with `delegate`.' },
          roles: { ...listOf(text), description: 'The roles of that user, with commas between them.' },
          all: { ...flag, description: 'All open tasks, for those who may read everything.' },
          limit,
        }),
        response: answers({ 200: { type: 'array', items: { $ref: 'Task#' } } }, 403),
      },
    },
    async (request) => {
      const { principal, query } = request;
      if (query.all === 'true') {
        demand(principal, settings.permissions, 'read');
        return first(model.tasks(principal.tenant), atMost(query.limit));
      }
      const roles = query.roles?.split(',').filter(Boolean) ?? [];
      const who = actor(request, query.user === undefined ? undefined : { id: query.user, roles });
      return first(theirs(model.tasks(principal.tenant, who.roles), who), atMost(query.limit));
    },
  );

  for (const [type, { summary, properties }] of Object.entries(actions)) {
    app.post<{ Params: { instance: string; token: string }; Body: TaskBody | null }>(
      `/v1/tasks/:instance/:token/${type}`,
      {
        schema: {
          tags: ['tasks'],
          operationId: type === 'skip-task' ? 'skipTask' : `${type}Task`,
          summary,
          headers: idempotency,
          params: pathOf('instance', 'token'),
          body: body(properties),
          response: answers({ 204: {} }, 403, 404, 409, 422),
        },
      },
      async (request, reply) => {
        const { principal, params } = request;
        const { output, to = '', user: named } = request.body ?? {};
        const command = {
          type: type as keyof typeof actions,
          task: `${params.instance}/${params.token}`,
          user: actor(request, named),
          to,
          ...(output === undefined ? {} : { output }),
        };
        const { v } = await engine.command(principal.tenant, command, idempotencyKeyOf(request));
        await untilKnown(model, principal.tenant, params.instance, v);
        return reply.status(204).send();
      },
    );
  }

  app.post<{ Body: Signal }>(
    '/v1/signals',
    {
      schema: {
        tags: ['messages'],
        operationId: 'sendSignal',
        summary: 'Send a message to instances',
        description: 'Wakes one instance that waits for it; if none does, it is kept until one does.',
        headers: idempotency,
        body: signalSchema,
        response: answers({ 204: {} }, 400, 403),
      },
    },
    async (request, reply) => {
      const { principal, body: signal } = request;
      demand(principal, settings.permissions, 'signal');
      const woken = await engine.signal(principal.tenant, signal, idempotencyKeyOf(request));
      for (const { instance, v } of woken) await untilKnown(model, principal.tenant, instance, v);
      return reply.status(204).send();
    },
  );
};

async function* theirs(tasks: AsyncIterable<TaskView>, who: User): AsyncGenerator<TaskView> {
  for await (const task of tasks) if (mayDo(task, who)) yield task;
}
