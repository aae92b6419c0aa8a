// The durable objects as those see them who call them. The code behind each name is in the file of that name.
import type { Context, ObjectContext, ObjectSharedContext } from '@restatedev/restate-sdk';
import type { ServiceDefinition, VirtualObjectDefinition } from '@restatedev/restate-sdk';
import type { Answer } from '../answer.js';
import * as contract from './contract.js';
import type {
  AgentCall,
  AgentOutcome,
  Call,
  DefinitionChange,
  DeployedVersion,
  Deployment,
  FlowDefinition,
  InstanceMessage,
  InstanceView,
  OfferedCall,
  ScheduleSettings,
  ScheduleView,
  Signal,
  StartInstance,
  StartOnce,
  Taken,
  TaskCommand,
  Woken,
} from './contract.js';
import type { GivenOut, TakenIn } from './archive.js';
import type { Migration } from './migrate.js';
import type { MigrationPlan, Waiter } from '../../../src/hosts/kit.js';

type Exclusive<I, O = void> = (ctx: ObjectContext, request: I) => Promise<O>;
type Shared<I, O> = (ctx: ObjectSharedContext, request: I) => Promise<O>;
type Plain<I, O = void> = (ctx: Context, request: I) => Promise<O>;

/** One instance; its key is its id. */
export type InstanceObject = {
  start: Exclusive<StartInstance, Answer<InstanceView>>;
  /** For the flow service only. */
  message: Exclusive<InstanceMessage, Taken>;
  /** What people do to it from outside. */
  operate: Exclusive<Operation, Answer<Taken>>;
  command: Exclusive<TaskCommand, Answer<Taken>>;
  migrate: Exclusive<Migration, Answer<MigrationPlan>>;
  /** All of it but its definition and history, between two turns. */
  giveOut: Exclusive<void, GivenOut | null>;
  takeIn: Exclusive<TakenIn, Answer<InstanceView>>;
  get: Shared<void, InstanceView | null>;
  /** Takes up the calls that a turn has left. */
  carryOn: Exclusive<{ readonly tokens: readonly string[] }>;
  forget: Exclusive<{ readonly v: number }>;
};
export type Operation = Extract<InstanceMessage, { type: 'cancel' | 'retry' | 'skip' | 'edit' }>;

/** Calls of implementations. */
export type ActivitiesService = {
  run: Plain<Call>;
  abort: Plain<{ readonly tenant: string; readonly instance: string; readonly token: string }>;
};

/** All waiters for, and unread signals of, one message name. */
export type MessageObject = {
  signal: Exclusive<Signal, readonly Woken[]>;
  subscribe: Exclusive<Waiter>;
  unsubscribe: Exclusive<{ readonly instance: string; readonly token: string }>;
  forget: Exclusive<{ readonly id: string }>;
};

/** One definition; its key is its content hash. */
export type DefinitionObject = {
  put: Exclusive<FlowDefinition>;
  get: Shared<void, FlowDefinition | null>;
};

/** The versions of a flow; its key is the flow's name. */
export type FlowObject = {
  deploy: Exclusive<Deployment, DeployedVersion>;
  versions: Shared<void, readonly DeployedVersion[]>;
};

/** At most one open instance of a flow per business key. */
export type BusinessKeyObject = { start: Exclusive<StartOnce, Answer<InstanceView>> };

export type ScheduleObject = {
  set: Exclusive<ScheduleSettings, ScheduleView>;
  get: Shared<void, ScheduleView | null>;
  remove: Exclusive<void>;
  tick: Exclusive<{ readonly at: number; readonly generation: number }>;
};

/** The calls of one agent. */
export type AgentObject = {
  offer: Exclusive<OfferedCall>;
  withdraw: Exclusive<{ readonly key: string }>;
  take: Exclusive<{ readonly max: number }, readonly AgentCall[]>;
  /** Looks whether a call that may happen only once has been lost with the agent. */
  expire: Exclusive<{ readonly key: string }>;
  renew: Exclusive<{ readonly keys: readonly string[] }, readonly string[]>;
  finish: Exclusive<{ readonly key: string; readonly outcome: AgentOutcome }>;
  waiting: Shared<void, number>;
};

export type ProjectionService = {
  define: Plain<DefinitionChange>;
  schedule: Plain<{ readonly tenant: string; readonly name: string; readonly view: ScheduleView | null }>;
  forget: Plain<{ readonly tenant: string; readonly instance: string }>;
};

export const Instance: VirtualObjectDefinition<typeof contract.INSTANCE, InstanceObject> = { name: contract.INSTANCE };
export const Activities: ServiceDefinition<typeof contract.ACTIVITIES, ActivitiesService> = {
  name: contract.ACTIVITIES,
};
export const Message: VirtualObjectDefinition<typeof contract.MESSAGE, MessageObject> = { name: contract.MESSAGE };
export const Definition: VirtualObjectDefinition<typeof contract.DEFINITION, DefinitionObject> = {
  name: contract.DEFINITION,
};
export const Flow: VirtualObjectDefinition<typeof contract.FLOW, FlowObject> = { name: contract.FLOW };
export const BusinessKey: VirtualObjectDefinition<typeof contract.BUSINESS_KEY, BusinessKeyObject> = {
  name: contract.BUSINESS_KEY,
};
export const Schedule: VirtualObjectDefinition<typeof contract.SCHEDULE, ScheduleObject> = { name: contract.SCHEDULE };
export const Agent: VirtualObjectDefinition<typeof contract.AGENT, AgentObject> = { name: contract.AGENT };
export const Projection: ServiceDefinition<typeof contract.PROJECTION, ProjectionService> = {
  name: contract.PROJECTION,
};
