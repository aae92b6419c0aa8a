// Deploying definitions and looking them up.
import {
  activityAsFlow,
  checkDefinition,
  compile,
  FlowError,
  leavesPage,
  type FlowDefinition,
  type Json,
} from '../../../src/index.js';
import { demand } from './principal.js';
import { until, type Routes } from './context.js';
import { answers, definitionSchema, pathOf } from './schemas.js';

const flowsOf = { 200: { type: 'array', items: { $ref: 'DeployedFlow#' } } };

export const flowRoutes: Routes = (app, { settings, engine, model }) => {
  app.post(
    '/v1/flows',
    {
      schema: {
        tags: ['flows'],
        operationId: 'deployFlow',
        summary: 'Deploy a definition',
        description:
          'New instances start with it; running ones keep theirs. Deploying the newest again changes nothing.',
        body: definitionSchema,
        response: answers({ 201: { $ref: 'Deployment#' } }, 403, 422),
      },
    },
    async (request, reply) => {
      demand(request.principal, settings.permissions, 'deploy');
      const { tenant } = request.principal;
      const { definition, hash, diagnostics } = await compile(request.body);
      const { at } = await engine.deploy(tenant, hash, definition);
      const parts = definition.activities.filter((activity) => leavesPage(definition, activity));
      const deployed = [{ flow: definition.flow, hash, at }];
      // What a page leaves to the server is a flow of its own here.
      for (const activity of parts) {
        const part = await compile(activityAsFlow(definition, activity));
        const { at: when } = await engine.deploy(tenant, part.hash, part.definition);
        deployed.push({ flow: part.definition.flow, hash: part.hash, at: when });
      }
      // One that was deployed before counts from its new time on: whoever starts the flow now must get it.
      for (const one of deployed) {
        await until(async () => {
          const versions = await model.definitions(tenant, one.flow);
          return versions.some((version) => version.hash === one.hash && version.deployedAt >= one.at);
        });
      }
      const { flow, version = '0.0.0', kind, title = null } = definition;
      return reply.status(201).send({ flow, version, hash, kind, title, deployedAt: at, diagnostics });
    },
  );

  app.post(
    '/v1/flows/check',
    {
      schema: {
        tags: ['flows'],
        operationId: 'checkFlow',
        summary: 'Check a definition without deploying it',
        body: definitionSchema,
        response: answers({ 200: { type: 'array', items: { $ref: 'Diagnostic#' } } }),
      },
    },
    (request) => checkDefinition(request.body as Json),
  );

  app.get(
    '/v1/flows',
    {
      schema: {
        tags: ['flows'],
        operationId: 'listFlows',
        summary: 'The newest version of every flow',
        response: answers(flowsOf),
      },
    },
    (request) => model.definitions(request.principal.tenant),
  );

  app.get<{ Params: { flow: string } }>(
    '/v1/flows/:flow',
    {
      schema: {
        tags: ['flows'],
        operationId: 'getFlow',
        summary: 'The newest definition of a flow',
        params: pathOf('flow'),
        response: answers({ 200: definitionSchema }, 404),
      },
    },
    async (request): Promise<FlowDefinition> => {
      const { tenant } = request.principal;
      const newest = (await engine.versions(tenant, request.params.flow)).at(-1);
      const definition = newest && (await model.definition(tenant, newest.hash));
      return definition ?? unknown(request.params.flow);
    },
  );

  app.get<{ Params: { flow: string } }>(
    '/v1/flows/:flow/versions',
    {
      schema: {
        tags: ['flows'],
        operationId: 'listFlowVersions',
        summary: 'All versions of a flow, newest first',
        params: pathOf('flow'),
        response: answers(flowsOf),
      },
    },
    (request) => model.definitions(request.principal.tenant, request.params.flow),
  );

  app.get<{ Params: { hash: string } }>(
    '/v1/definitions/:hash',
    {
      schema: {
        tags: ['flows'],
        operationId: 'getDefinition',
        summary: 'A definition by its content hash',
        params: pathOf('hash'),
        response: answers({ 200: definitionSchema }, 404),
      },
    },
    async (request): Promise<FlowDefinition> =>
      (await model.definition(request.principal.tenant, request.params.hash)) ?? unknown(request.params.hash),
  );
};

function unknown(what: string): never {
  throw new FlowError('FLOW-UNKNOWN', `There is no flow "${what}" on the server.`, { flow: what });
}
