// What the parts of the fault suite tell each other. The checker believes only these: what pages were told, what the API
// has seen, what the store holds.
import type { FlowDefinition } from '../../src/index.js';
import type { InboxRow, InstanceRecord, SignalRow } from '../../src/hosts/browser/schema.js';
import type { ReadRow } from '../stored-journal.js';

/** The host has promised the page that this is safe. */
export type Acknowledgement =
  | { readonly kind: 'start'; readonly instance: string }
  | { readonly kind: 'complete'; readonly instance: string; readonly token: string }
  | { readonly kind: 'signal'; readonly id: string };

export interface Call {
  readonly activity: string;
  /** The idempotency key: `instance/token`. */
  readonly key: string;
  readonly phase: 'received' | 'answered';
  readonly status?: number;
}

/** Everything in the database, read while no host was open. */
export interface Dump {
  /** What tells this database from one that is made anew under its name. */
  readonly store: number | undefined;
  readonly instances: readonly InstanceRecord[];
  readonly journal: readonly ReadRow[];
  readonly inbox: readonly InboxRow[];
  readonly signals: readonly SignalRow[];
  readonly definitions: readonly { readonly hash: string; readonly definition: FlowDefinition }[];
  /** What lists would show that is not so. */
  readonly wrongLists: readonly string[];
}

export interface LoadOptions {
  /** Prefix of the ids that this tab gives. */
  readonly name: string;
  readonly seed: number;
  readonly operations: number;
  /** Operations under way at the same time. */
  readonly lanes: number;
}

/** What a tab with a host offers to the driver. */
export interface Tab {
  /** Starts the load; `idle` says when it has ended. */
  load(options: LoadOptions): void;
  idle(): boolean;
  /** Codes of operations that were refused, with how often. */
  refusals(): Readonly<Record<string, number>>;
  isExecutor(): boolean;
  /** What the page's clock is wrong by from now on, ms. */
  jump(offset: number): void;
  /** Takes the executor's lock by force, and gives it back at once. */
  steal(): Promise<void>;
  /** Does what people and the outside would do until nothing is running but what waits for days; gives what is left. */
  drain(patience: number): Promise<readonly string[]>;
}

/** What a tab of `crowd.ts` offers to the driver. */
export interface Crowd {
  isExecutor(): boolean;
  /** Whether the page has been in the back/forward cache. */
  wasPutAway(): boolean;
  jump(offset: number): void;
  steal(): Promise<void>;
  /** Starts instances that wait until `at`, epoch ms; resolves when all are promised. */
  setAlarms(alarms: readonly { readonly id: string; readonly at: number }[]): Promise<void>;
  /** How many instances have a timer that is due by this page's clock. */
  dueAlarms(): Promise<number>;
  openBoards(): Promise<void>;
  /** Begins operations `from` to `to` of a tab; `life` is different each time. */
  work(options: {
    readonly tab: number;
    readonly from: number;
    readonly to: number;
    readonly life: number;
    /** Longest pause between two operations, ms. */
    readonly pause: number;
    readonly seed: number;
  }): void;
  /** Resolves when nothing is under way; the work goes on when the page comes back. */
  rest(): Promise<void>;
  isWorking(): boolean;
  /** Whether nothing is left in the store that was asked for or sent. */
  isQuiet(): Promise<boolean>;
}

declare global {
  var crowd: Crowd;
  /** Tells the driver that an operation was done with so many messages, that this edit was promised, and why something was refused. */
  var operated: (tab: number, n: number, messages: number) => void;
  var edited: (mark: string) => void;
  var refused: (code: string) => void;
  var tab: Tab;
  /** Undefined: there is no such database yet. */
  var readStore: (name: string) => Promise<Dump | undefined>;
  /** Tells the driver that the host has noticed that its store is gone. */
  var wiped: (() => void) | undefined;
  /** Tells the driver. */
  var acknowledged: (what: Acknowledgement) => void;
}

/** A generator that gives the same numbers for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
