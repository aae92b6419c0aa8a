// One durable object per instance: the engine gives it one message at a time and keeps its state. The steps are those of the
// core, unchanged; what a step asks for is sent with it, so that both are committed or neither is.
import { handlers, object, rpc, type ObjectContext, type ObjectSharedContext } from '@restatedev/restate-sdk';
import { checkCallDepth, foundBy, taskMessage, timely, type MigrationPlan } from '../../../src/hosts/kit.js';
import {
  beginInstance,
  checkInput,
  FlowError,
  stepInstance,
  takesEscalation,
  type CompiledFlow,
  type InstanceMessage,
  type StepResult,
} from '../../../src/index.js';
import { refused, type Answer } from '../answer.js';
import type { ReadModel } from '../read-model/read-model.js';
import type { Calls } from './activities.js';
import {
  INSTANCE,
  keyOf,
  splitKey,
  type Change,
  type InstanceView,
  type StartInstance,
  type Taken,
  type TaskCommand,
} from './contract.js';
import { giveOut, type TakenIn } from './archive.js';
import { escalate } from './escalate.js';
import type { FlowLibrary } from './flow-library.js';
import { migrate, type Migration } from './migrate.js';
import { Instance, Projection, type InstanceObject, type Operation } from './objects.js';
import { attempt, carryOn, goOn, runTurn } from './turn.js';
import { load, save, show, type StoredHeader, type StoredInstance } from './stored-instance.js';

export interface InstanceOptions {
  readonly flows: FlowLibrary;
  readonly calls: Calls;
  readonly model: ReadModel;
}

const { exclusive, shared } = handlers.object;

export function createInstanceObject(options: InstanceOptions): ReturnType<typeof build> {
  return build(new InstanceTurns(options));
}

function build(turns: InstanceTurns) {
  // What has been done is in the instance's own history.
  const reading = { journalRetention: 0 };
  const behind = { ingressPrivate: true, ...reading };
  const implementation: InstanceObject = {
    start: exclusive(reading, (ctx: ObjectContext, request: StartInstance) => turns.start(ctx, request)),
    message: exclusive(behind, (ctx: ObjectContext, message: InstanceMessage) => turns.message(ctx, message)),
    carryOn: exclusive(behind, (ctx: ObjectContext, { tokens }: { readonly tokens: readonly string[] }) =>
      turns.carryOn(ctx, tokens),
    ),
    operate: exclusive((ctx: ObjectContext, operation: Operation) =>
      turns.told(ctx, (_, { state }) => timely(state, operation)),
    ),
    command: exclusive((ctx: ObjectContext, command: TaskCommand) =>
      turns.told(ctx, (flow, { state }) => taskMessage(flow, state, command)),
    ),
    migrate: exclusive((ctx: ObjectContext, request: Migration) => turns.migrate(ctx, request)),
    giveOut: exclusive(reading, async (ctx: ObjectContext) => {
      const instance = await load(ctx);
      return instance ? giveOut(await turns.flowOf(ctx.key, instance), instance) : null;
    }),
    takeIn: exclusive(reading, (ctx: ObjectContext, taken: TakenIn) => turns.takeIn(ctx, taken)),
    get: shared(reading, async (ctx: ObjectSharedContext) => {
      const instance = await load(ctx);
      return instance ? show(await turns.flowOf(ctx.key, instance), instance) : null;
    }),
    forget: exclusive(reading, (ctx: ObjectContext, request: { readonly v: number }) => turns.forget(ctx, request.v)),
  };
  return object({ name: INSTANCE, handlers: implementation });
}

class InstanceTurns {
  readonly #flows: FlowLibrary;
  readonly #calls: Calls;
  readonly #model: ReadModel;

  constructor({ flows, calls, model }: InstanceOptions) {
    this.#flows = flows;
    this.#calls = calls;
    this.#model = model;
  }

  flowOf(key: string, { stored }: StoredInstance): Promise<CompiledFlow> {
    return this.#flows.byHash(splitKey(key).tenant, stored.hash);
  }

  /** Starting again what exists gives what exists; a failed instance that its caller starts again is taken up. */
  async start(ctx: ObjectContext, request: StartInstance): Promise<Answer<InstanceView>> {
    const { tenant, rest: id } = splitKey(ctx.key);
    const existing = await load(ctx);
    if (existing) return this.#startAgain(ctx, existing, request);
    const flow = await this.#flows.byHash(tenant, request.hash);
    const now = request.mayCall ? request.at : await ctx.date.now();
    try {
      checkCallDepth(flow.definition.flow, request.depth);
      await checkInput(flow, request.input);
    } catch (error) {
      this.#tellParent(ctx, tenant, request.options.parent, refused(error));
      return refused(error);
    }
    const { startedBy, parent } = request.options;
    const begun = await beginInstance(flow, id, request.input, now, { startedBy, called: parent !== undefined });
    const stored: StoredHeader = {
      hash: request.hash,
      header: { id, startedAt: now, changedAt: now, ...request.options },
      seq: 0,
      depth: request.depth,
    };
    const blank = { stored, state: begun.state, fold: {} };
    const instance = await this.#commit(ctx, flow, blank, begun, now, { mayCall: request.mayCall });
    return { ok: true, value: show(flow, instance) };
  }

  async #startAgain(
    ctx: ObjectContext,
    existing: StoredInstance,
    { options }: StartInstance,
  ): Promise<Answer<InstanceView>> {
    const flow = await this.flowOf(ctx.key, existing);
    let instance = existing;
    if (options.parent && existing.state.status === 'failed') {
      const now = await ctx.date.now();
      const step = await attempt(() => stepInstance(flow, existing.state, { type: 'retry' }, now));
      if (step.ok && step.value) instance = await this.#commit(ctx, flow, existing, step.value, now, {});
    } else if (options.parent) this.#report(ctx, flow, existing);
    return { ok: true, value: show(flow, instance) };
  }

  /** What people do, refused with an error when it does not fit. */
  async told(
    ctx: ObjectContext,
    make: (flow: CompiledFlow, instance: StoredInstance) => InstanceMessage,
  ): Promise<Answer<Taken>> {
    const instance = await load(ctx);
    const { rest: id } = splitKey(ctx.key);
    if (!instance) return unknown(id);
    const flow = await this.flowOf(ctx.key, instance);
    const message = await attempt(() => make(flow, instance));
    return message.ok ? this.#step(ctx, flow, instance, message.value, false) : message;
  }

  /** Moves it to another version; `told` and this are the ways in from outside. */
  async migrate(ctx: ObjectContext, request: Migration): Promise<Answer<MigrationPlan>> {
    const before = await load(ctx);
    const { tenant, rest: id } = splitKey(ctx.key);
    if (!before) return unknown(id);
    const from = await this.flowOf(ctx.key, before);
    const to = await this.#flows.byHash(tenant, request.to);
    const now = await ctx.date.now();
    const moved = await attempt(() => migrate(from, to, before, request, now));
    if (!moved.ok) return moved;
    const { plan, instance, records } = moved.value;
    if (instance) await this.#keep(ctx, to, before, instance, records);
    return { ok: true, value: plan };
  }

  /** One that comes from elsewhere goes on here. */
  async takeIn(ctx: ObjectContext, { begun, rows, ...taken }: TakenIn): Promise<Answer<InstanceView>> {
    const { tenant, rest: id } = splitKey(ctx.key);
    if (await load(ctx)) {
      const message = `There is another instance "${id}" already, or it has gone on since.`;
      return refused(new FlowError('FLOW-EXISTS', message, { instance: id }));
    }
    const flow = await this.flowOf(ctx.key, taken);
    await Promise.all(rows.map((records) => this.#write(tenant, flow, taken, records)));
    const turn = { flow, calls: this.#calls, mayCall: false, startedAt: await ctx.date.now() };
    const { instance, records } = await goOn(ctx, turn, taken, begun);
    await this.#keep(ctx, flow, taken, instance, records);
    return { ok: true, value: show(flow, instance) };
  }

  /** What the flow service itself reports. A timer that the engine's clock brings early goes round once more. */
  async message(ctx: ObjectContext, message: InstanceMessage): Promise<Taken> {
    const instance = await load(ctx);
    if (!instance) return { taken: false, v: 0 };
    const flow = await this.flowOf(ctx.key, instance);
    const { parent } = instance.stored.header;
    if (
      message.type === 'escalation' &&
      parent &&
      !takesEscalation(flow, instance.state, message.token, message.code)
    ) {
      escalate(ctx, splitKey(ctx.key).tenant, parent, message.code);
      return { taken: false, v: instance.state.v };
    }
    // The object of a message's name waits for its answer, and others for that.
    const answer = await this.#step(ctx, flow, instance, message, message.type !== 'message');
    return answer.ok ? answer.value : { taken: false, v: instance.state.v };
  }

  async #step(
    ctx: ObjectContext,
    flow: CompiledFlow,
    instance: StoredInstance,
    message: InstanceMessage,
    mayCall: boolean,
  ): Promise<Answer<Taken>> {
    const now = await ctx.date.now();
    if (message.type === 'timer' && now < message.at) {
      ctx.objectSendClient(Instance, ctx.key).message(message, rpc.sendOpts({ delay: message.at - now }));
      return { ok: true, value: { taken: false, v: instance.state.v } };
    }
    const step = await attempt(() => stepInstance(flow, instance.state, message, now));
    if (!step.ok) return step;
    if (!step.value) return { ok: true, value: { taken: false, v: instance.state.v } };
    const { state } = await this.#commit(ctx, flow, instance, step.value, now, { mayCall, ...answeredBy(message) });
    return { ok: true, value: { taken: true, v: state.v } };
  }

  /** Takes up the calls that a turn before has left. */
  async carryOn(ctx: ObjectContext, tokens: readonly string[]): Promise<void> {
    const before = await load(ctx);
    if (!before) return;
    const flow = await this.flowOf(ctx.key, before);
    const turn = { flow, calls: this.#calls, mayCall: true, startedAt: await ctx.date.now() };
    const { instance, records } = await carryOn(ctx, turn, before, tokens);
    if (records.length > 0) await this.#keep(ctx, flow, before, instance, records);
  }

  /** Carries out what the step asks for, and the steps that follow at once, then keeps where it has come to. */
  async #commit(
    ctx: ObjectContext,
    flow: CompiledFlow,
    before: StoredInstance,
    first: StepResult,
    startedAt: number,
    { mayCall = false, answered }: { readonly mayCall?: boolean; readonly answered?: string },
  ): Promise<StoredInstance> {
    const turn = { flow, calls: this.#calls, mayCall, startedAt };
    const { instance, records } = await runTurn(ctx, turn, before, first, answered);
    await this.#keep(ctx, flow, before, instance, records);
    return instance;
  }

  /**
   * Keeps where a turn has come to. The read model is written here and not by a message of its own, which would double the
   * engine's work; a repetition after a crash writes the same again.
   */
  async #keep(
    ctx: ObjectContext,
    flow: CompiledFlow,
    before: StoredInstance,
    instance: StoredInstance,
    records: Change['records'],
  ): Promise<void> {
    const { tenant } = splitKey(ctx.key);
    const { state } = instance;
    save(ctx, instance);
    const isNew = before.stored.seq === 0;
    if (isNew || state.status !== before.state.status) this.#report(ctx, flow, instance);
    await this.#write(tenant, flow, instance, records);
  }

  #write(tenant: string, flow: CompiledFlow, instance: StoredInstance, records: Change['records']): Promise<void> {
    const found = foundBy(flow, instance.state.pool);
    return this.#model.write({ tenant, view: show(flow, instance), records, ...(found ? { found } : {}) });
  }

  /** Tells the activity that called this flow how it came out. */
  #report(ctx: ObjectContext, flow: CompiledFlow, { stored, state }: StoredInstance): void {
    const { tenant } = splitKey(ctx.key);
    if (state.status === 'running') return;
    if (state.status === 'completed') {
      this.#tellParent(ctx, tenant, stored.header.parent, { ok: true, output: state.output ?? {} });
      return;
    }
    const failure = state.failure ?? {
      code: 'Cancelled',
      message: `The flow "${flow.definition.flow}" was cancelled.`,
    };
    this.#tellParent(ctx, tenant, stored.header.parent, { ok: false, error: failure });
  }

  #tellParent(
    ctx: ObjectContext,
    tenant: string,
    parent: StartInstance['options']['parent'],
    outcome:
      | { readonly ok: true; readonly output: Extract<InstanceMessage, { type: 'result' }>['output'] }
      | { readonly ok: false; readonly error: Extract<InstanceMessage, { type: 'failure' }>['failure'] },
  ): void {
    if (!parent) return;
    const { token } = parent;
    const message: InstanceMessage = outcome.ok
      ? { type: 'result', token, ...(outcome.output === undefined ? {} : { output: outcome.output }) }
      : { type: 'failure', token, failure: outcome.error };
    ctx.objectSendClient(Instance, keyOf(tenant, parent.instance)).message(message);
  }

  async forget(ctx: ObjectContext, v: number): Promise<void> {
    const instance = await load(ctx);
    if (!instance || instance.state.v !== v) return;
    const { tenant, rest } = splitKey(ctx.key);
    ctx.clearAll();
    ctx.serviceSendClient(Projection).forget({ tenant, instance: rest });
  }
}

function unknown(id: string): ReturnType<typeof refused> {
  return refused(new FlowError('FLOW-UNKNOWN-INSTANCE', `There is no instance "${id}".`, { instance: id }));
}

function answeredBy(message: InstanceMessage): { readonly answered?: string } {
  return message.type === 'result' || message.type === 'failure' ? { answered: message.token } : {};
}
