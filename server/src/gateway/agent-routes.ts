// For agents: programs at other sites that do the activities whose implementation is `AGENT/NAME`. They ask from where they
// are, so nothing at their site needs to be reachable.
import { FlowError, type FailureData, type Json } from '../../../src/index.js';
import type { Routes } from './context.js';
import type { Principal } from './principal.js';
import { anyValue, answers, body, pathOf, text } from './schemas.js';

/** How long a request for calls waits for one, seconds, and how often it looks, ms. */
const WAIT = 20;
const BETWEEN_LOOKS = 150;

export const agentRoutes: Routes = (app, { engine }) => {
  const agents = { tags: ['agents'], params: pathOf('agent') };

  app.post<{ Params: { agent: string }; Body: { max?: number; wait?: number } | null }>(
    '/v1/agents/:agent/take',
    {
      schema: {
        ...agents,
        operationId: 'takeCalls',
        summary: 'Take calls of this agent',
        description:
          'Waits for one. A call that is neither finished nor renewed within 30 seconds is offered again, or, where it may ' +
          'happen only once, given up: the activity fails with `Indeterminate`.',
        body: body({
          max: { type: 'integer', minimum: 1, maximum: 100, description: 'So many at most. Default: 10.' },
          wait: { type: 'integer', minimum: 0, maximum: 60, description: `Seconds. Default: ${WAIT}.` },
        }),
        response: answers({ 200: { type: 'array', items: { $ref: 'AgentCall#' } } }, 403),
      },
    },
    async (request) => {
      const { principal, params } = request;
      demandAgent(principal, params.agent);
      const { max = 10, wait = WAIT } = request.body ?? {};
      const end = Date.now() + wait * 1000;
      for (;;) {
        const calls = await engine.takeCalls(principal.tenant, params.agent, max);
        if (calls.length > 0 || Date.now() >= end || request.raw.socket.destroyed) return calls;
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS));
      }
    },
  );

  app.post<{ Params: { agent: string }; Body: { keys: readonly string[] } }>(
    '/v1/agents/:agent/renew',
    {
      schema: {
        ...agents,
        operationId: 'renewCalls',
        summary: 'Say that calls are still under way',
        body: body({ keys: { type: 'array', items: text } }, ['keys']),
        response: answers(
          {
            200: {
              type: 'object',
              properties: { gone: { type: 'array', items: text, description: 'No longer wanted.' } },
            },
          },
          403,
        ),
      },
    },
    async ({ principal, params, body: { keys } }) => {
      demandAgent(principal, params.agent);
      return { gone: await engine.renewCalls(principal.tenant, params.agent, keys) };
    },
  );

  app.post<{ Params: { agent: string }; Body: { key: string; output?: Json; failure?: FailureData } }>(
    '/v1/agents/:agent/finish',
    {
      schema: {
        ...agents,
        operationId: 'finishCall',
        summary: 'Answer a call',
        description: 'With its output, or with the failure it ended with. The first answer counts.',
        body: body({ key: text, output: anyValue, failure: { $ref: 'Failure#' } }, ['key']),
        response: answers({ 204: {} }, 403),
      },
    },
    async ({ principal, params, body: { key, output, failure } }, reply) => {
      demandAgent(principal, params.agent);
      const outcome = failure ? { failure } : output === undefined ? {} : { output };
      await engine.finishCall(principal.tenant, params.agent, key, outcome);
      return reply.status(204).send();
    },
  );
};

/** An agent is whoever has its role; the page of a user, whoever is that user. */
function demandAgent({ id, roles }: Principal, agent: string): void {
  if (agent === `page:${id}`) return;
  if (!agent.startsWith('page:') && roles.includes(`agent:${agent}`)) return;
  throw new FlowError('FLOW-FORBIDDEN', `"${id}" is not the agent "${agent}"; it needs the role "agent:${agent}".`);
}
