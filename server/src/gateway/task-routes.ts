// The work list, what people do to tasks, and messages from outside.
import type { Json, TaskView, User } from '../../../src/index.js';
import { mayDo } from '../../../src/hosts/kit.js';
import type { Signal, TaskCommand } from '../flow-service/contract.js';
import { first, type TaskSearch } from '../read-model/search.js';
import { actor, idempotencyKeyOf, inPlaceOf, untilKnown, type Routes } from './context.js';
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
  type Schema,
} from './schemas.js';

interface TaskBody {
  readonly to?: string;
  readonly output?: Json;
  readonly user?: User;
  readonly by?: string;
  readonly reason?: string;
}

/** Where a page begins. */
const AFTER = /^(\d{1,15}),(.+)$/;
const user = { $ref: 'User#' };
/** What is done in somebody's place. */
const inPlace = {
  user,
  by: {
    ...text,
    description:
      'Who does it in the place of `user`; only for keys with `delegate`, which act as that user otherwise. For others who may operate it is the caller.',
  },
  reason: { ...text, description: 'Kept in the history, with who did it.' },
};
const IN_PLACE = 'Those who may operate can name the `user` for whom they do it, with the roles that it needs.';
const actions: Readonly<Record<TaskCommand['type'], { summary: string; properties: Schema }>> = {
  claim: { summary: 'Take a task, so that nobody else does it meanwhile', properties: inPlace },
  release: { summary: 'Give a task back', properties: inPlace },
  delegate: { summary: 'Hand a task on to somebody, by id', properties: { to: text, user } },
  'skip-task': { summary: 'Leave a task out that may be left out', properties: { user } },
  complete: { summary: 'Complete a task', properties: { output: anyValue, ...inPlace } },
};

export const taskRoutes: Routes = (app, { settings, engine, model }) => {
  app.get<{ Querystring: { user?: string; roles?: string; all?: 'true' | 'false'; after?: string; limit?: string } }>(
    '/v1/tasks',
    {
      schema: {
        tags: ['tasks'],
        operationId: 'listTasks',
        summary: 'Open tasks that the caller may do, oldest first',
        description: 'For the next page, ask again with `after`, until one is shorter than `limit`.',
        querystring: queryOf({
          user: { ...text, description: 'For this user instead; only for keys with `delegate`.' },
          roles: { ...listOf(text), description: 'The roles of that user, with commas between them.' },
          all: { ...flag, description: 'All open tasks, for those who may read everything.' },
          after: {
            ...text,
            pattern: AFTER.source,
            description:
              '`createdAt` and `id` of the last task of the page before, with a comma between them; it may have been done meanwhile.',
          },
          limit,
        }),
        response: answers({ 200: { type: 'array', items: { $ref: 'Task#' } } }, 400, 403),
      },
    },
    async (request) => {
      const { principal, query } = request;
      const [, createdAt, id] = AFTER.exec(query.after ?? '') ?? [];
      const search: TaskSearch = id === undefined ? {} : { after: { createdAt: Number(createdAt), id } };
      if (query.all === 'true') {
        demand(principal, settings.permissions, 'read');
        return first(model.tasks(principal.tenant, search), atMost(query.limit));
      }
      const roles = query.roles?.split(',').filter(Boolean) ?? [];
      const who = actor(request, query.user === undefined ? undefined : { id: query.user, roles });
      const found = model.tasks(principal.tenant, { ...search, roles: who.roles });
      return first(theirs(found, who), atMost(query.limit));
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
          ...('by' in properties ? { description: IN_PLACE } : {}),
          headers: idempotency,
          params: pathOf('instance', 'token'),
          body: body(properties, type === 'delegate' ? ['to'] : []),
          response: answers({ 204: {} }, 403, 404, 409, 422),
        },
      },
      async (request, reply) => {
        const { principal, params } = request;
        const { to, user: named, by, ...given } = request.body ?? {};
        const command = {
          ...given,
          type,
          task: `${params.instance}/${params.token}`,
          ...inPlaceOf(request, settings.permissions, named, by),
          ...(type === 'delegate' ? { to } : {}),
        } as TaskCommand;
        const { v } = await engine.command(principal.tenant, command, idempotencyKeyOf(request));
        await untilKnown(model, principal.tenant, params.instance, v);
        return reply.status(204).send();
      },
    );
  }

  app.post<{ Body: Omit<Signal, 'by'> & { readonly user?: User } }>(
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
      const { principal } = request;
      const { user: named, ...sent } = request.body;
      demand(principal, settings.permissions, 'signal');
      const signal: Signal = { ...sent, by: actor(request, named).id };
      const woken = await engine.signal(principal.tenant, signal, idempotencyKeyOf(request));
      for (const { instance, v } of woken) await untilKnown(model, principal.tenant, instance, v);
      return reply.status(204).send();
    },
  );
};

async function* theirs(tasks: AsyncIterable<TaskView>, who: User): AsyncGenerator<TaskView> {
  for await (const task of tasks) if (mayDo(task, who)) yield task;
}
