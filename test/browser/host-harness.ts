// Browser hosts over a database of their own, closed and deleted after each test.
import { deleteDB, openDB } from 'idb';
import { createBrowserHost, type BrowserHost, type BrowserHostOptions } from '../../src/hosts/browser/index.js';
import type { LogRecord } from '../../src/hosts/browser/schema.js';
import type { FlowDefinition, InstanceView } from '../../src/index.js';

export interface HostHarness {
  /** Name of the database of the present test. */
  readonly name: string;
  open(options?: BrowserHostOptions, ...definitions: readonly FlowDefinition[]): Promise<BrowserHost>;
}

/** Call it inside `describe`. */
export function hostHarness(): HostHarness {
  let name = '';
  let hosts: BrowserHost[] = [];
  beforeEach(() => {
    name = `test-${crypto.randomUUID()}`;
    hosts = [];
  });
  afterEach(async () => {
    for (const host of hosts) await host.close();
    await deleteDB(name);
  });
  return {
    get name() {
      return name;
    },
    async open(options = {}, ...definitions) {
      const host = await createBrowserHost({ name, ...options });
      hosts.push(host);
      for (const definition of definitions) await host.deploy(definition);
      return host;
    },
  };
}

export function until(host: BrowserHost, id: string, holds: (view: InstanceView) => boolean): Promise<InstanceView> {
  return new Promise((resolve) => {
    const look = (view: InstanceView | undefined): void => {
      if (!view || !holds(view)) return;
      stop();
      resolve(view);
    };
    const stop = host.watch(id, look);
    void host.get(id).then(look);
  });
}

/** What was done stands in the log first; resolves when the instances are written. */
export async function written(database: string): Promise<void> {
  const db = await openDB(database);
  await eventually(async () => {
    const log = (await db.getAll('log')) as LogRecord[];
    return log.every(({ rows }) => rows.length === 0);
  });
  db.close();
}

export async function eventually(holds: () => unknown): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}
