// Puts the simulated browser where the browser host looks for a real one: in the globals. Each of them belongs to the tab whose
// task is running, and is Node's own (or absent) when none is. So the host runs as it is, without a seam made for tests.
// Import this before anything of src.
import { SimulatedChannel } from './channels.js';
import { Connection, Factory } from './store/connection.js';
import { Cursor, CursorWithValue } from './store/cursor.js';
import { KeyRange } from './store/keys.js';
import { Index, ObjectStore } from './store/object-store.js';
import { OpenRequest, Request } from './store/request.js';
import { Transaction } from './store/transaction.js';
import type { Tab } from './tab.js';

let present: Tab | undefined;

/** Whose script runs from now on. */
export function setPresent(tab: Tab | undefined): void {
  present = tab;
}

export function presentTab(): Tab {
  if (!present) throw new Error('Something of the browser was used outside of a tab.');
  return present;
}

/** A function of the page while a tab is present, else Node's own. */
function either<A extends readonly unknown[], R>(inTab: (tab: Tab, ...args: A) => R, own: (...args: A) => R) {
  return (...args: A): R => (present ? inTab(present, ...args) : own(...args));
}

const { now: systemNow } = Date;
const { random: systemRandom } = Math;
const systemPerformance = performance.now.bind(performance);
const systemId = crypto.randomUUID.bind(crypto);
const node = { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate };
const global = globalThis as unknown as Record<string, unknown>;

Object.assign(globalThis, {
  IDBDatabase: Connection,
  IDBTransaction: Transaction,
  IDBObjectStore: ObjectStore,
  IDBIndex: Index,
  IDBCursor: Cursor,
  IDBCursorWithValue: CursorWithValue,
  IDBRequest: Request,
  IDBOpenDBRequest: OpenRequest,
  IDBFactory: Factory,
  IDBKeyRange: KeyRange,
  setTimeout: either(
    (tab, run: () => void, delay?: number): unknown => tab.setTimeout(run, delay ?? 0),
    node.setTimeout as (run: () => void, delay?: number) => unknown,
  ),
  clearTimeout: either(
    (tab, handle: unknown): void => tab.clearTimeout(handle as number),
    node.clearTimeout as (handle: unknown) => void,
  ),
  setInterval: either(
    (tab, run: () => void, delay?: number): unknown => tab.setInterval(run, delay ?? 0),
    node.setInterval as (run: () => void, delay?: number) => unknown,
  ),
  clearInterval: either(
    (tab, handle: unknown): void => tab.clearTimeout(handle as number),
    node.clearInterval as (handle: unknown) => void,
  ),
  setImmediate: either(
    (tab, run: () => void): unknown => void tab.run(run),
    node.setImmediate as (run: () => void) => unknown,
  ),
  BroadcastChannel: class extends SimulatedChannel {
    constructor(name: string) {
      super(presentTab(), name);
    }
  },
});
Date.now = either((tab) => tab.browser.wallClock, systemNow);
Math.random = either((tab) => tab.browser.random.next(), systemRandom);
performance.now = either((tab) => tab.browser.scheduler.now, systemPerformance);
crypto.randomUUID = either((tab) => tab.newId(), systemId) as typeof crypto.randomUUID;

/** What the page has as long as one is present. */
const ofPage: Readonly<Record<string, (tab: Tab) => unknown>> = {
  indexedDB: (tab) => tab.indexedDB,
  document: (tab) => tab.document,
  navigator: (tab) => tab.navigator,
  addEventListener: (tab) => tab.window.addEventListener.bind(tab.window),
  removeEventListener: (tab) => tab.window.removeEventListener.bind(tab.window),
};
for (const [name, of] of Object.entries(ofPage)) {
  const own = global[name];
  Object.defineProperty(globalThis, name, { configurable: true, get: () => (present ? of(present) : own) });
}
