// A deployed microflow as a service: post its input, get its output. What takes longer than the caller waits is answered with
// 202 and the address where it can be seen.
import { randomUUID } from 'node:crypto';
import { FlowError, isOver, type InstanceView, type JsonObject } from '../../../src/index.js';
import { actor, idempotencyKeyOf, newestView, untilKnown, type GatewayContext, type Routes } from './context.js';
import { start } from './instance-routes.js';
import type { Principal } from './principal.js';
import type { Problem } from './problem.js';
import { anyObject, answers, idempotency, pathOf, text } from './schemas.js';

/** Seconds that a caller is kept waiting, unless it prefers otherwise (RFC 7240: `Prefer: wait=5`). */
const WAIT = 20;

export const runRoutes: Routes = (app, context) => {
  app.post<{ Params: { flow: string }; Body: JsonObject | null }>(
    '/v1/run/:flow',
    {
      schema: {
        tags: ['services'],
        operationId: 'runFlow',
        summary: 'Run a microflow and get its output',
        description:
          'Waits up to 20 seconds, or as long as `Prefer: wait=SECONDS` says (0: not at all); then answers 202 with the address ' +
          'of the instance in `Location`. An `Idempotency-Key` makes it safe to repeat. A flow that fails is answered with 502 ' +
          'and its failure.',
        params: pathOf('flow'),
        headers: {
          ...idempotency,
          properties: { ...idempotency.properties, prefer: { ...text, description: '`wait=SECONDS`' } },
        },
        body: { ...anyObject, type: ['object', 'null'] },
        response: answers({ 200: anyObject, 202: { $ref: 'Instance#' }, 502: { $ref: 'Problem#' } }, 403, 404, 422),
      },
    },
    async (request, reply) => {
      const { principal, params } = request;
      const key = idempotencyKeyOf(request);
      const id = key === undefined ? randomUUID() : `run:${key}`;
      const user = actor(request, undefined);
      const wait = waitOf(request.headers.prefer) * 1000;
      const end = Date.now() + wait;
      const flow = { flow: params.flow, input: request.body ?? {}, id };
      // The engine's answer is waited for: looking for what is heard meanwhile would cost as much again.
      const started = await start(context, principal, flow, user, ...(wait > 0 ? [wait] : []));
      const { view, isKnown } = await atRest(context, principal, started, end);
      reply.header('location', `/v1/instances/${encodeURIComponent(view.id)}`);
      if (!isKnown) return reply.status(202).send(view);
      if (view.status === 'completed') return reply.send(view.output ?? {});
      return reply.status(502).send(problemOfFailure(view));
    },
  );
};

/** As problems are told; with the activity that has failed. */
function problemOfFailure({ id, flow, failure }: InstanceView): Problem['body'] {
  if (!failure)
    return { code: 'Cancelled', message: 'The flow was cancelled.', retryable: false, place: { flow, instance: id } };
  const { code, message, retryable = false, activity, details } = failure;
  const place = { flow, instance: id, ...(activity === undefined ? {} : { activity }) };
  return { code, message, retryable, place, ...(details === undefined ? {} : { details }) };
}

/** Waits until the instance has come to rest, or the time is up (epoch ms). */
async function atRest(
  context: GatewayContext,
  { tenant }: Principal,
  started: InstanceView,
  end: number,
): Promise<{ view: InstanceView; isKnown: boolean }> {
  const { changes, model } = context;
  const isResting = (view: InstanceView): boolean => isOver(view) || view.status === 'failed';
  if (isResting(started) || Date.now() >= end) return { view: started, isKnown: isResting(started) };
  let wake: () => void = () => {};
  const unlisten = changes.listen(({ changes: all }) => {
    if (all.some(({ view }) => view.id === started.id && isResting(view))) wake();
  });
  try {
    // Looked at once after listening has begun: it may have ended in between.
    for (;;) {
      const changed = new Promise<void>((resolve) => (wake = resolve));
      const view = (await newestView(context, tenant, started.id)) ?? started;
      if (isResting(view)) {
        await untilKnown(model, tenant, view.id, view.v);
        return { view, isKnown: true };
      }
      const left = end - Date.now();
      if (left <= 0) return { view, isKnown: false };
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([changed, new Promise<void>((resolve) => (timer = setTimeout(resolve, left)))]);
      clearTimeout(timer);
    }
  } finally {
    unlisten();
  }
}

function waitOf(prefer: string | string[] | undefined): number {
  const wanted = /(?:^|[,;\s])wait=(\d{1,4})\b/.exec([prefer ?? ''].flat().join(','))?.[1];
  if (wanted === undefined) return /\brespond-async\b/.test(String(prefer)) ? 0 : WAIT;
  const seconds = Number(wanted);
  if (seconds > 300) throw new FlowError('FLOW-REQUEST', 'At most 300 seconds can be waited for.');
  return seconds;
}
