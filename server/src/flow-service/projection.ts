// Writes definitions, schedules and what is to be forgotten into the read model. When the database is away, the engine keeps
// the changes and tries again. (Steps of instances are written by their own turn.)
import { handlers, service, type Context } from '@restatedev/restate-sdk';
import type { ReadModel } from '../read-model/read-model.js';
import { PROJECTION, type DefinitionChange } from './contract.js';
import type { ProjectionService } from './objects.js';

const { handler } = handlers;

export function createProjectionService(model: ReadModel): ReturnType<typeof build> {
  return build(model);
}

function build(model: ReadModel) {
  const implementation: ProjectionService = {
    define: handler({}, (_: Context, change: DefinitionChange) => model.define(change)),
    schedule: async (_, { tenant, name, view }) => model.putSchedule(tenant, name, view),
    forget: async (_, { tenant, instance }) => model.forget(tenant, instance),
  };
  return service({
    name: PROJECTION,
    handlers: implementation,
    options: { ingressPrivate: true, journalRetention: 0 },
  });
}
