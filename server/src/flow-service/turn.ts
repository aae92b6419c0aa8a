// The steps of one turn of an instance. Calls are made within the turn, each as a durable step of it, as long as they are short: a
// chain of quick calls costs the engine one invocation and not two for each call. What takes longer goes on outside, so that
// people, timers and messages are never kept waiting for it.
import { RestatePromise, type ObjectContext } from '@restatedev/restate-sdk';
import type { InstanceArchive } from '../../../src/hosts/kit.js';
import {
  outstandingEffects,
  stepInstance,
  type CompiledFlow,
  type InstanceMessage,
  type OutwardEffect,
  type Run,
  type StepResult,
} from '../../../src/index.js';
import { refused, type Answer } from '../answer.js';
import { indeterminate, isOnce, type Calls } from './activities.js';
import { elsewhere } from './agent.js';
import { carryOut, START_FLOW } from './carry-out.js';
import { splitKey, type Change } from './contract.js';
import { Activities, Instance } from './objects.js';
import { after, type StoredInstance } from './stored-instance.js';

/** How long calls are made within one turn, ms; the next turn goes on, after what has come meanwhile. */
const LONGEST_TURN = 1000;

export interface TurnSettings {
  readonly flow: CompiledFlow;
  readonly calls: Calls;
  /** False: somebody waits for this turn to end, so its calls are left to a turn of their own. */
  readonly mayCall: boolean;
  /** Epoch ms. */
  readonly startedAt: number;
}

/** What a call has brought, and when (epoch ms); without a message it is still under way. */
interface Arrival {
  readonly token: string;
  readonly message?: InstanceMessage;
  readonly at: number;
}

export interface TurnEnd {
  readonly instance: StoredInstance;
  readonly records: Change['records'];
}

/** Makes the step that begins the turn and all that follow from it; what must be sent is sent. */
export async function runTurn(
  ctx: ObjectContext,
  turn: TurnSettings,
  before: StoredInstance,
  first: StepResult,
  answered?: string,
): Promise<TurnEnd> {
  return new Turn(ctx, turn, before).run(first, answered);
}

/** Takes up the calls that an earlier turn has left to this one. */
export async function carryOn(
  ctx: ObjectContext,
  turn: TurnSettings,
  before: StoredInstance,
  tokens: readonly string[],
): Promise<TurnEnd> {
  return new Turn(ctx, turn, before).carryOn(tokens);
}

/** Takes up all that an instance from elsewhere has under way; what had begun there, and may happen only once, is not begun again. */
export async function goOn(
  ctx: ObjectContext,
  turn: TurnSettings,
  taken: StoredInstance,
  begun: InstanceArchive['begun'],
): Promise<TurnEnd> {
  return new Turn(ctx, turn, taken).takeUp(begun);
}

class Turn {
  readonly #ctx: ObjectContext;
  readonly #turn: TurnSettings;
  readonly #tenant: string;
  readonly #records: Change['records'][number][] = [];
  /** Calls of this turn that nobody has heard of yet, by token. */
  readonly #pending = new Map<string, RestatePromise<Arrival>>();
  /** Timers of those calls; most are never needed. */
  readonly #timers = new Map<string, Extract<OutwardEffect, { type: 'timer' }>[]>();
  readonly #local: InstanceMessage[] = [];
  /** Calls for the next turn. */
  readonly #left: string[] = [];
  #instance: StoredInstance;
  #now: number;

  constructor(ctx: ObjectContext, turn: TurnSettings, before: StoredInstance) {
    this.#ctx = ctx;
    this.#turn = turn;
    this.#tenant = splitKey(ctx.key).tenant;
    this.#instance = before;
    this.#now = turn.startedAt;
  }

  async run(first: StepResult, answered: string | undefined): Promise<TurnEnd> {
    await this.#take(first, answered);
    return this.#goOn();
  }

  async carryOn(tokens: readonly string[]): Promise<TurnEnd> {
    const { runs } = this.#instance.state;
    for (const token of tokens) {
      const run = runs[token];
      if (run?.phase === 'effect') this.#call(run);
    }
    return this.#goOn();
  }

  async takeUp(begun: InstanceArchive['begun']): Promise<TurnEnd> {
    const { state, stored } = this.#instance;
    const { flow } = this.#turn;
    const about = { tenant: this.#tenant, flow, before: state, state, stored, now: this.#now };
    for (const effect of outstandingEffects(state)) {
      const run = effect.type === 'run' ? state.runs[effect.token] : undefined;
      if (run && begun.some(({ token, attempt: nth }) => token === run.token && nth === run.attempt))
        this.#local.push(indeterminate(run));
      else if (run && isCalledHere(flow, run)) this.#call(run);
      else this.#local.push(...(await carryOut(this.#ctx, about, effect)));
    }
    return this.#goOn();
  }

  async #goOn(): Promise<TurnEnd> {
    for (;;) {
      const message = this.#local.shift() ?? (await this.#arrival());
      if (!message) break;
      const { state } = this.#instance;
      const step = await attempt(() => stepInstance(this.#turn.flow, state, message, this.#now));
      if (step.ok && step.value) await this.#take(step.value, tokenOf(message));
    }
    if (this.#left.length > 0) this.#ctx.objectSendClient(Instance, this.#ctx.key).carryOn({ tokens: this.#left });
    return { instance: this.#instance, records: this.#records };
  }

  /** Keeps the step and does what it asks for. */
  async #take(result: StepResult, answered: string | undefined): Promise<void> {
    const { state: left, stored } = this.#instance;
    this.#instance = after(this.#instance, result, this.#now, this.#records);
    const { state } = this.#instance;
    const { flow } = this.#turn;
    const about = { tenant: this.#tenant, flow, before: left, state, stored, now: this.#now };
    const isCalled = (token: string): boolean => {
      const run = state.runs[token];
      return run?.phase === 'effect' && isCalledHere(flow, run);
    };
    const called = new Set(result.effects.flatMap((e) => (e.type === 'run' && isCalled(e.token) ? e.token : [])));
    for (const effect of result.effects) {
      if (effect.type !== 'timer' || !called.has(effect.token)) continue;
      this.#timers.set(effect.token, [...(this.#timers.get(effect.token) ?? []), effect]);
    }
    for (const effect of result.effects) {
      if (effect.type === 'timer' && called.has(effect.token)) continue;
      if (effect.type === 'run' && called.has(effect.token)) {
        this.#call(state.runs[effect.token]!);
        continue;
      }
      // Nothing is to be aborted elsewhere of what has answered, or was this turn's own.
      const isOver = effect.type === 'cancel' && (this.#withdraw(effect.token) || effect.token === answered);
      const from = isOver ? { answered: effect.token } : {};
      this.#local.push(...(await carryOut(this.#ctx, { ...about, ...from }, effect)));
    }
  }

  /** Makes the call in this turn, or leaves it to the next one. */
  #call(run: Run): void {
    const { flow, calls, mayCall, startedAt } = this.#turn;
    const { token } = run;
    if (!calls.areInTurns) {
      this.#send(run);
      return;
    }
    if (!mayCall || this.#now - startedAt > LONGEST_TURN) {
      this.#left.push(token);
      this.#arm(token);
      return;
    }
    const { instance } = this.#instance.state;
    const called = this.#ctx.run(run.activity, async (): Promise<Arrival> => {
      const message = await calls.shortly(this.#tenant, flow, instance, run, this.#patience(token));
      return { token, at: Date.now(), ...(message ? { message } : {}) };
    });
    this.#pending.set(token, called);
  }

  /** Until the first of its timers: a time-out is not to be late because of us. */
  #patience(token: string): number {
    const times = (this.#timers.get(token) ?? []).map(({ at }) => at - Date.now());
    return Math.max(0, Math.min(...times, Number.MAX_SAFE_INTEGER));
  }

  /** What the next call has brought. What takes long is sent on its way, and nothing of this turn. */
  async #arrival(): Promise<InstanceMessage | undefined> {
    while (this.#pending.size > 0) {
      const [first, ...others] = this.#pending.values();
      const { token, message, at } = await (others.length > 0 ? RestatePromise.race([first!, ...others]) : first!);
      this.#pending.delete(token);
      this.#now = Math.max(this.#now, at);
      if (message) {
        this.#timers.delete(token);
        return message;
      }
      this.#send(this.#instance.state.runs[token]!);
    }
    return undefined;
  }

  /** Has the call made outside of any turn. */
  #send(run: Run): void {
    const { state, stored } = this.#instance;
    this.#arm(run.token);
    const call = { tenant: this.#tenant, instance: state.instance, hash: stored.hash, run };
    this.#ctx.serviceSendClient(Activities).run(call);
  }

  /** Sends the timers of a call that this turn does not wait for. */
  #arm(token: string): void {
    const timers = this.#timers.get(token) ?? [];
    this.#timers.delete(token);
    const { state, stored } = this.#instance;
    const { flow } = this.#turn;
    const about = { tenant: this.#tenant, flow, before: state, state, stored, now: this.#now };
    for (const timer of timers) void carryOut(this.#ctx, about, timer);
  }

  /** Aborts a call of this turn; false if there is none with the token. */
  #withdraw(token: string): boolean {
    this.#timers.delete(token);
    const left = this.#left.indexOf(token);
    if (left >= 0) return this.#left.splice(left, 1).length > 0;
    if (!this.#pending.delete(token)) return false;
    this.#turn.calls.of(this.#tenant).cancel(this.#instance.state.instance, token);
    return true;
  }
}

/** Whether this process makes the call, and may make it again with its key. */
function isCalledHere(flow: CompiledFlow, run: Run): boolean {
  const activity = flow.plan.activities[run.activity]!;
  const ref = run.ref ?? activity.definition.implementation?.ref;
  if (ref === undefined || ref === START_FLOW || activity.type === 'call' || activity.type === 'send') return false;
  return elsewhere(activity.definition.environment, ref, undefined) === undefined && !isOnce(flow, run);
}

function tokenOf(message: InstanceMessage): string | undefined {
  return message.type === 'result' || message.type === 'failure' ? message.token : undefined;
}

/** Whatever the core throws becomes data: thrown, it would make the engine try the same again for ever. */
export async function attempt<T>(make: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await make() };
  } catch (error) {
    return refused(error);
  }
}
