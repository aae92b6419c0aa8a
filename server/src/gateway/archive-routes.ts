// Instances as JSON that can be kept in a file and taken in elsewhere: by this server, another one, or a page.
import { archiveOf, chained, checkArchive, type InstanceArchive, type JournalEntry } from '../../../src/hosts/kit.js';
import { FlowError, type CompiledFlow } from '../../../src/index.js';
import type { TakenIn } from '../flow-service/archive.js';
import { idempotencyKeyOf, visibleInstance, type GatewayContext, type Routes } from './context.js';
import { demand } from './principal.js';
import { answers, idempotency, pathOf } from './schemas.js';

/** Bytes: a whole history is longer than what people and programs send otherwise. The engine takes twice as much. */
const LONGEST = 16 * 1_048_576;
const archive = { $ref: 'InstanceArchive#' };

export const archiveRoutes: Routes = (app, context) => {
  const { settings, engine, model } = context;

  app.get<{ Params: { id: string } }>(
    '/v1/instances/:id/archive',
    {
      schema: {
        tags: ['instances'],
        operationId: 'exportInstance',
        summary: 'All of an instance: definition, state, history',
        description:
          'For those who may see its variables. It goes on here; cancel it when it is to go on elsewhere. Two archives with the ' +
          'same `hash` are the same.',
        params: pathOf('id'),
        response: answers({ 200: archive }, 403, 404),
      },
    },
    async (request) => {
      const { principal, params } = request;
      const shown = await visibleInstance(context, principal, params.id);
      if (shown.startedBy !== principal.id) demand(principal, settings.permissions, 'read');
      return exported(context, principal.tenant, params.id);
    },
  );

  app.post<{ Body: InstanceArchive }>(
    '/v1/archives',
    {
      bodyLimit: Math.max(LONGEST, settings.limits.bodyBytes),
      // Before so much is read.
      onRequest: async ({ principal }) => demand(principal, settings.permissions, 'operate'),
      schema: {
        tags: ['instances'],
        operationId: 'importInstance',
        summary: 'Take an exported instance in, which then goes on here',
        description:
          'Checked first: its history must be unbroken and lead to its state. Its version must have been deployed (`definition` in ' +
          'the archive). One that is here already, unchanged, is given back.',
        headers: idempotency,
        body: archive,
        response: answers({ 201: { $ref: 'Instance#' } }, 403, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const { tenant } = request.principal;
      const given = request.body;
      const flow = await checked(given);
      const { id } = given.header;
      if (!(await model.definition(tenant, flow.hash))) {
        const message = `The version ${flow.hash} of this instance has not been deployed. Deploy the definition in the archive first.`;
        throw new FlowError('FLOW-UNKNOWN', message, { flow: flow.definition.flow });
      }
      const taken = await engine
        .takeIn(tenant, id, takenOf(given, flow), idempotencyKeyOf(request))
        .catch(async (error: unknown) => {
          const isHere = error instanceof FlowError && error.code === 'FLOW-EXISTS';
          if (isHere && (await exported(context, tenant, id)).hash === given.hash) return engine.get(tenant, id);
          throw error;
        });
      return reply
        .status(201)
        .header('location', `/v1/instances/${encodeURIComponent(id)}`)
        .send(taken);
    },
  );
};

async function exported({ engine, model }: GatewayContext, tenant: string, id: string): Promise<InstanceArchive> {
  const given = await engine.giveOut(tenant, id);
  const definition = given && (await model.definition(tenant, given.stored.hash));
  if (!definition) throw new FlowError('FLOW-UNKNOWN-INSTANCE', `There is no instance "${id}".`, { instance: id });
  const { stored, state, fold, begun } = given;
  const { header, hash, seq: last, origin = { row: 1, previous: hash } } = stored;
  // What has happened since is not of this state.
  const turns = (await model.turns(tenant, id)).filter((records) => (records.at(-1)?.seq ?? 0) <= last);
  const rows = turns.map((records): Pick<JournalEntry, 'at' | 'records'> => ({
    at: records[0]!.at,
    records: records.map(({ seq: _seq, at: _at, ...record }) => record),
  }));
  return archiveOf({ definition, header, state, fold, journal: chained(rows, origin), begun });
}

/** Throws `FLOW-ARCHIVE`, also for what only looks like an archive. */
async function checked(given: InstanceArchive): Promise<CompiledFlow> {
  try {
    return await checkArchive(given);
  } catch (error) {
    if (error instanceof FlowError) throw error;
    throw new FlowError(
      'FLOW-ARCHIVE',
      'This instance cannot be taken in: it is not what was exported.',
      {},
      { cause: error },
    );
  }
}

function takenOf({ header, state, fold, journal, begun }: InstanceArchive, { hash }: CompiledFlow): TakenIn {
  const [first] = journal;
  const cut = first?.records[0]?.event;
  const isCut = cut?.type === 'compacted';
  let seq = isCut ? cut.steps : 1;
  const rows = journal.map(({ at, records }) => records.map((record) => ({ seq: seq++, at, ...record })));
  const origin = first && { row: first.row, previous: first.previous, ...(isCut ? { hash: first.hash } : {}) };
  const stored = { hash, header, seq: seq - 1, depth: 0, ...(origin ? { origin } : {}) };
  return { stored, state, fold: { ...fold }, begun, rows };
}
