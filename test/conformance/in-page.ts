// The world of hosts that live in this page or process: instruments as functions, a clock that moves when told to.
import type {
  Clock,
  FlowDefinition,
  FlowHost,
  Implementations,
  InvocationContext,
  JsonObject,
} from '../../src/index.js';
import { fakeClock } from '../node/fake-clock.js';
import type { Call, World } from './world.js';

export interface HostParts {
  readonly implementations: Implementations;
  readonly clock: Clock;
}

/** `open` is asked again by `reopen`, after the old host was closed. */
export async function inPage(
  open: (parts: HostParts) => Promise<FlowHost>,
  cleanUp: () => Promise<void> = async () => {},
): Promise<World> {
  const clock = fakeClock();
  // Some time after the epoch, so that nothing is falsy by chance.
  clock.advance(Date.UTC(2030, 0, 1));
  const { instruments, calls, letGo } = makeInstruments();
  const deployed = new Map<string, FlowDefinition>();
  const opened = async (): Promise<FlowHost> =>
    rememberingFlows(await open({ implementations: instruments, clock }), deployed);
  let host = await opened();
  return {
    get host() {
      return host;
    },
    now: clock.now,
    pass: async (ms) => clock.advance(ms),
    calls: () => calls,
    letGo: async () => letGo(),
    async reopen(deploy = [...deployed.values()]) {
      await host.close();
      host = await opened();
      for (const flow of deploy) await host.deploy(flow);
    },
    async close() {
      letGo();
      await host.close();
      await cleanUp();
    },
  };
}

function rememberingFlows(host: FlowHost, deployed: Map<string, FlowDefinition>): FlowHost {
  const deploy = host.deploy.bind(host);
  host.deploy = (flow) => {
    if (!('plan' in flow)) deployed.set(flow.flow, flow);
    return deploy(flow);
  };
  return host;
}

function makeInstruments(): { instruments: Implementations; calls: readonly Call[]; letGo: () => void } {
  const calls: Call[] = [];
  const failures = new Map<string, number>();
  let go = (): void => {};
  const gone = new Promise<void>((resolve) => (go = resolve));
  const note = (what: string, key: string): void => void calls.push({ what, key });
  const work = async (args: JsonObject, { activity, idempotencyKey }: InvocationContext): Promise<JsonObject> => {
    note(activity, idempotencyKey);
    return { ...args, key: idempotencyKey };
  };
  const instruments: Implementations = {
    work,
    refuse: (_, { activity, idempotencyKey }) => {
      note(activity, idempotencyKey);
      throw Object.assign(new Error('No stock.'), { code: 'NoStock', retryable: false });
    },
    flaky: (_, { activity, idempotencyKey }) => {
      note(activity, idempotencyKey);
      const before = failures.get(idempotencyKey) ?? 0;
      failures.set(idempotencyKey, before + 1);
      if (before < 2) throw new Error('Not yet.');
      return 'at last';
    },
    hold: async (_, { activity, idempotencyKey, signal }) => {
      note(activity, idempotencyKey);
      await Promise.race([gone, new Promise((_resolve, reject) => (signal.onabort = () => reject(signal.reason)))]);
      return 'let go';
    },
    take: {
      prepare: work,
      commit: (_, { activity, idempotencyKey }) => note(`commit ${activity}`, idempotencyKey),
      rollback: (_, { activity, idempotencyKey }) => note(`rollback ${activity}`, idempotencyKey),
    },
  };
  return { instruments, calls, letGo: () => go() };
}
