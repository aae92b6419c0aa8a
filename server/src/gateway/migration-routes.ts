// Moving instances to another version of their flow.
import { FlowError, type User } from '../../../src/index.js';
import { actor, idempotencyKeyOf, untilKnown, visibleInstance, type Routes } from './context.js';
import { demand } from './principal.js';
import { answers, body, idempotency, pathOf, text } from './schemas.js';

interface MigrationBody {
  readonly to?: string;
  readonly activities?: Readonly<Record<string, string>>;
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly user?: User;
}

export const migrationRoutes: Routes = (app, context) => {
  const { settings, engine, model } = context;

  app.post<{ Params: { id: string }; Body: MigrationBody | null }>(
    '/v1/instances/:id/migrate',
    {
      schema: {
        tags: ['instances'],
        operationId: 'migrateInstance',
        summary: 'Move an instance to another version of its flow',
        description:
          'In one step, with its place in the history. With `dryRun` nothing is done, and what is not possible is part of the ' +
          'answer; without it, it is a problem `FLOW-MIGRATION` with every reason in `details`, and nothing has happened.',
        headers: idempotency,
        params: pathOf('id'),
        body: body({
          to: { ...text, description: 'Content hash of a version of its flow. Default: the one deployed last.' },
          activities: {
            type: 'object',
            additionalProperties: text,
            description: 'Activities that have another id there: old to new.',
          },
          dryRun: { type: 'boolean' },
          reason: { ...text, description: 'Kept in the history, with who did it.' },
          user: { $ref: 'User#' },
        }),
        response: answers({ 200: { $ref: 'MigrationPlan#' } }, 403, 404, 409),
      },
    },
    async (request) => {
      const { principal, params } = request;
      const { tenant } = principal;
      const { user, to: wanted, ...options } = request.body ?? {};
      const before = await visibleInstance(context, principal, params.id);
      demand(principal, settings.permissions, 'operate');
      const to = wanted ?? (await model.newestHash(tenant, before.flow)) ?? before.hash;
      if (!(await model.definition(tenant, to)))
        throw new FlowError('FLOW-UNKNOWN', `There is no definition with the hash "${to}" on the server. Deploy it.`, {
          flow: before.flow,
        });
      const migration = { ...options, to, by: actor(request, user).id };
      const plan = await engine.migrate(tenant, params.id, migration, idempotencyKeyOf(request));
      if (options.dryRun !== true) await untilKnown(model, tenant, params.id, before.v + 1);
      return plan;
    },
  );
};
