// Runs in every tab of the fault suite: a browser host over the one database, and a load of random operations. What the host
// acknowledges is told to the driver at once; what a kill swallows on the way there was never claimed.
import { createHttpImplementation, type InstanceView } from '../../src/index.js';
import { createBrowserHost } from '../../src/hosts/browser/index.js';
import { LOAD } from './flows.js';
import { randomFrom, type LoadOptions } from './protocol.js';

const A_DAY = 86_400_000;
const clerk = { id: 'clerk', roles: ['clerk'] };
const parameters = new URLSearchParams(location.search);

// The clock of the machine, not one that the host is given: what is set wrong is what `Date.now` says.
let offset = Number(parameters.get('offset') ?? 0);
const rightNow = Date.now.bind(Date);
Date.now = () => rightNow() + offset;

const host = await createBrowserHost({
  name: 'faults',
  implementations: { http: createHttpImplementation() },
  wiped: () => globalThis.wiped?.(),
});
for (const { definition } of LOAD) await host.deploy(definition);

let busy = 0;
const refusals: Record<string, number> = {};

globalThis.tab = {
  load(options) {
    let left = options.operations;
    const random = randomFrom(options.seed);
    const lane = async (): Promise<void> => {
      for (; left > 0;) await attempt(options, left--, random).catch(note);
    };
    busy += options.lanes;
    for (let i = 0; i < options.lanes; i++) void lane().then(() => busy--);
  },
  idle: () => busy === 0,
  refusals: () => refusals,
  isExecutor: () => host.isExecutor,
  jump: (to) => void (offset = to),
  steal: () => navigator.locks.request('millrace:faults', { steal: true }, async () => {}),
  async drain(patience) {
    const end = performance.now() + patience;
    for (;;) {
      const open = await host.list({ status: 'running' });
      const far = ({ waits }: InstanceView): boolean =>
        waits.some(({ at }) => at !== undefined && at > Date.now() + A_DAY);
      if (open.every(far) || performance.now() > end) return open.map(({ id }) => id);
      for (const { id, instance, token } of open.flatMap(({ tasks }) => tasks))
        await complete(id, instance, token).catch(note);
      for (const { id, waits } of open) if (waits.some(({ kind }) => kind === 'message')) await pay(id).catch(note);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  },
};

function note(error: unknown): void {
  const code = (error as { code?: string }).code ?? String(error);
  refusals[code] = (refusals[code] ?? 0) + 1;
}

async function attempt({ name }: LoadOptions, n: number, random: () => number): Promise<void> {
  const choice = random();
  if (choice < 0.3) {
    const tasks = await host.tasks(clerk);
    const task = tasks[Math.floor(random() * tasks.length)];
    if (task) return complete(task.id, task.instance, task.token);
  }
  const flow = weighted(random);
  const id = `${flow}-${name}-${n}`;
  // Some payments come before their order does.
  if (flow === 'message' && choice < 0.6) await pay(id);
  // Some pages ask twice, as impatient people do.
  const starts = choice > 0.9 ? 2 : 1;
  await Promise.all(
    Array.from({ length: starts }, () => host.start(flow, flow === 'message' ? { order: id } : {}, { id })),
  );
  acknowledged({ kind: 'start', instance: id });
  if (flow === 'message' && choice >= 0.6 && choice < 0.9) await pay(id);
}

async function complete(task: string, instance: string, token: string): Promise<void> {
  await host.send({ type: 'complete', task, user: clerk });
  acknowledged({ kind: 'complete', instance, token });
}

async function pay(order: string): Promise<void> {
  const id = `paid-${order}`;
  await host.send({ type: 'signal', signal: { name: 'paid', key: order, id, data: id } });
  acknowledged({ kind: 'signal', id });
}

function weighted(random: () => number): string {
  let n = random() * LOAD.reduce((sum, { weight }) => sum + weight, 0);
  for (const { definition, weight } of LOAD) if ((n -= weight) < 0) return definition.flow;
  return LOAD[0]!.definition.flow;
}
