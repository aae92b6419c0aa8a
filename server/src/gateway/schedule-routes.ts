// Flows that start by the clock.
import { checkInput, compile, FlowError } from '../../../src/index.js';
import type { ScheduleSettings } from '../flow-service/contract.js';
import { nextTime } from '../flow-service/schedule.js';
import { until, type Routes } from './context.js';
import { demand } from './principal.js';
import { answers, body, pathOf, scheduleSettings } from './schemas.js';

export const scheduleRoutes: Routes = (app, { settings, engine, model }) => {
  app.get(
    '/v1/schedules',
    {
      schema: {
        tags: ['schedules'],
        operationId: 'listSchedules',
        summary: 'What starts by the clock, and when next',
        response: answers({ 200: { type: 'array', items: { $ref: 'Schedule#' } } }, 403),
      },
    },
    (request) => {
      demand(request.principal, settings.permissions, 'operate');
      return model.schedules(request.principal.tenant);
    },
  );

  app.put<{ Params: { name: string }; Body: ScheduleSettings }>(
    '/v1/schedules/:name',
    {
      schema: {
        tags: ['schedules'],
        operationId: 'putSchedule',
        summary: 'Start a flow at the times of a cron expression',
        params: pathOf('name'),
        body: body(scheduleSettings, ['flow', 'cron']),
        response: answers({ 200: { $ref: 'Schedule#' } }, 403, 404, 422),
      },
    },
    async (request) => {
      const { principal, params, body: wanted } = request;
      demand(principal, settings.permissions, 'operate');
      if (!/^[\w.-]{1,100}$/.test(params.name))
        throw new FlowError('FLOW-REQUEST', 'The name of a schedule has letters, digits, ".", "_" and "-" only.');
      nextTime(wanted, Date.now());
      const { tenant } = principal;
      const { flow, input = {} } = wanted;
      const newest = (await engine.versions(tenant, flow)).at(-1);
      const definition = newest && (await model.definition(tenant, newest.hash));
      if (!definition)
        throw new FlowError('FLOW-UNKNOWN', `There is no flow "${flow}" on the server. Deploy it.`, { flow });
      // Nobody is there to hear of it when it starts.
      await checkInput(await compile(definition), input);
      const set = await engine.setSchedule(tenant, params.name, wanted);
      await until(async () => (await model.schedules(tenant)).some(({ name }) => name === params.name));
      return set;
    },
  );

  app.delete<{ Params: { name: string } }>(
    '/v1/schedules/:name',
    {
      schema: {
        tags: ['schedules'],
        operationId: 'deleteSchedule',
        summary: 'End a schedule',
        params: pathOf('name'),
        response: answers({ 204: {} }, 403),
      },
    },
    async (request, reply) => {
      demand(request.principal, settings.permissions, 'operate');
      const { tenant } = request.principal;
      await engine.removeSchedule(tenant, request.params.name);
      await until(async () => !(await model.schedules(tenant)).some(({ name }) => name === request.params.name));
      return reply.status(204).send();
    },
  );
};
