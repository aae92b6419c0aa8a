// What the durable objects of the flow service are called and what they take. Keys carry the tenant, so that nothing of one
// tenant can be reached with an id of another.
import type {
  FailureData,
  FlowDefinition,
  HostCommand,
  InstanceMessage,
  InstanceView,
  Json,
  JsonObject,
  Run,
  Signal,
  StartOptions,
  StepRecord,
} from '../../../src/index.js';

export const INSTANCE = 'Instance';
export const ACTIVITIES = 'Activities';
export const MESSAGE = 'Message';
export const DEFINITION = 'Definition';
export const FLOW = 'Flow';
export const BUSINESS_KEY = 'BusinessKey';
export const SCHEDULE = 'Schedule';
export const PROJECTION = 'Projection';
export const AGENT = 'Agent';

export const DEFAULT_TENANT = 'default';
const TENANT = /^[\w-]{1,64}$/;

export function isTenant(name: unknown): name is string {
  return typeof name === 'string' && TENANT.test(name);
}

/** Object keys are `tenant:rest`; a tenant's name has no colon. */
export function keyOf(tenant: string, ...rest: readonly string[]): string {
  return [tenant, ...rest].join(':');
}

export function splitKey(key: string): { readonly tenant: string; readonly rest: string } {
  const colon = key.indexOf(':');
  return { tenant: key.slice(0, colon), rest: key.slice(colon + 1) };
}

export interface StartInstance {
  readonly hash: string;
  readonly input: JsonObject;
  readonly options: Pick<StartOptions, 'key' | 'startedBy' | 'parent'>;
  /** How many flows called each other to get here. */
  readonly depth: number;
  /** When it was asked for, epoch ms. */
  readonly at: number;
  /** Calls may be made in the turn that starts it; false: somebody else waits for the caller. */
  readonly mayCall: boolean;
}

/** What became of a message: `taken` is false when it was stale. */
export interface Taken {
  readonly taken: boolean;
  readonly v: number;
}

export type TaskCommand = Extract<HostCommand, { task: string }>;

/** One call of an implementation. */
export interface Call {
  readonly tenant: string;
  readonly instance: string;
  readonly hash: string;
  readonly run: Run;
}

/** What an agent is told of a call. */
export interface AgentCall {
  /** `instance/token/attempt`: names the call in answers. */
  readonly key: string;
  readonly instance: string;
  readonly token: string;
  readonly attempt: number;
  readonly flow: string;
  readonly activity: string;
  /** Name of the implementation at the agent. */
  readonly implementation: string;
  readonly arguments: JsonObject;
  readonly input: JsonObject;
  readonly idempotencyKey: string;
}

/** A call as it is offered. */
export interface OfferedCall extends AgentCall {
  /** It must not be made again on the quiet: once it is taken, it is offered to nobody else. */
  readonly once?: true;
}

export interface Lease {
  /** Epoch ms; a call with a lease in the past is waiting, 0: it has never been taken. */
  readonly until: number;
}

export type AgentOutcome = { readonly output?: Json } | { readonly failure: FailureData };

export interface Woken {
  readonly instance: string;
  readonly v: number;
}

export interface DeployedVersion {
  readonly hash: string;
  readonly version: string;
  /** Epoch ms. */
  readonly at: number;
}

export interface Deployment {
  readonly hash: string;
  readonly definition: FlowDefinition;
}

/** What the read model hears of a step. */
export interface Change {
  readonly tenant: string;
  readonly view: InstanceView;
  readonly records: readonly (StepRecord & { readonly seq: number; readonly at: number })[];
  /** Keys of its indexed variables; undefined where its flow has none. */
  readonly found?: readonly string[];
}

export interface DefinitionChange extends Deployment {
  readonly tenant: string;
  readonly at: number;
}

/** Starting by name and business key: at most one open instance per key. */
export interface StartOnce extends StartInstance {
  readonly id: string;
  readonly flow: string;
}

export interface ScheduleSettings {
  readonly flow: string;
  /** Five or six fields, or `@daily` and the like. */
  readonly cron: string;
  readonly timezone?: string;
  readonly input?: JsonObject;
}

export interface ScheduleView extends ScheduleSettings {
  readonly name: string;
  /** Epoch ms. */
  readonly next?: number;
}

export type { FlowDefinition, InstanceMessage, InstanceView, Signal };
