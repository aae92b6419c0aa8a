// Server-sent events: the newest view of instances as they change.
import { FlowError } from '../../../src/index.js';
import type { Routes } from './context.js';
import { EventStream } from './event-stream.js';
import { answers, listOf, queryOf, text } from './schemas.js';

/** Most instances that one stream may name. */
const MOST = 500;

export const eventRoutes: Routes = (app, { model, visibility, changes }) => {
  app.get<{ Querystring: { instances?: string; lastEventId?: string } }>(
    '/v1/events',
    {
      schema: {
        tags: ['events'],
        operationId: 'watchInstances',
        summary: 'Changes as server-sent events',
        description:
          'Each event `view` holds the newest view of an instance that the caller may see; `v` only grows. Come back with the id ' +
          'of the last event in `Last-Event-ID`: everything that changed meanwhile follows, in its newest state. Named instances ' +
          'are also told once at the beginning.',
        querystring: queryOf({
          instances: {
            ...listOf(text),
            description: 'Ids, with commas between them. Default: all that the caller may see.',
          },
          lastEventId: { ...text, description: 'For clients that cannot send the header.' },
        }),
        headers: {
          type: 'object',
          properties: { 'last-event-id': { ...text, description: 'Id of the last event seen.' } },
        },
        response: answers(
          {
            200: {
              description: 'Events `view` whose data is an `Instance`, and `open` at the beginning.',
              content: { 'text/event-stream': { schema: text } },
            },
          },
          400,
        ),
      },
    },
    async (request, reply) => {
      const { principal, query, headers } = request;
      const instances = new Set(query.instances?.split(',').filter(Boolean));
      if (instances.size > MOST) throw new FlowError('FLOW-REQUEST', `A stream takes at most ${MOST} instances.`);
      const last = headers['last-event-id'] ?? query.lastEventId;
      // Beginning with what happens from now on would keep from the client what it has missed.
      if (last !== undefined && !/^\d{1,15}$/.test(String(last)))
        throw new FlowError(
          'FLOW-REQUEST',
          'Last-Event-ID is the id of an event of this stream; without it, leave it out.',
        );
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      raw.flushHeaders();
      const stream = new EventStream(raw, model, visibility, {
        principal,
        instances,
        ...(last === undefined ? {} : { lastEventId: Number(last) }),
      });
      await stream.run(changes).catch((error: unknown) => {
        request.log.warn(error, 'an event stream ended');
        raw.end();
      });
    },
  );
};
