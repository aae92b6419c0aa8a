// What `main.mjs` measures and photographs, in a browser: the inspector over a memory host.
import '../../components/flow-inspector/define.js';
import type { FlowInspector } from '../../components/flow-inspector/define.js';
import { compile, createMemoryHost, type FlowDefinition, type MemoryHost } from '../../src/index.js';
import { layOutFlow } from '../../src/inspect/index.js';
import { layOutAside } from '../../src/inspect/lay-out-aside.js';
import { blocks, EXAMPLES } from './flows.js';

interface Stage {
  readonly host: MemoryHost;
  readonly inspector: FlowInspector;
  readonly id: string;
}

let pause = 0;

async function stage(definition: FlowDefinition): Promise<Stage> {
  const flow = await compile(definition);
  let calls = 0;
  const host = createMemoryHost({
    historyLimit: 20_000,
    implementations: {
      do: () => (pause > 0 ? new Promise((resolve) => setTimeout(() => resolve(null), pause)) : null),
      price: () => ({ sum: 400 }),
      flaky: () => {
        if (++calls < 3) throw Object.assign(new Error('The bank is closed'), { code: 'Closed', retryable: true });
        return null;
      },
      broken: () => {
        throw Object.assign(new Error('No such account'), { code: 'NoAccount', retryable: false });
      },
    },
  });
  await host.deploy(flow);
  const { id } = await host.start(definition.flow, {});
  const inspector = document.createElement('flow-inspector');
  inspector.source = {
    instances: (query) => host.list(query),
    history: async (instance) => [...(await host.history(instance))],
    flowOf: async () => flow,
    watch: async (listener) => host.watch(undefined, listener),
  };
  document.body.replaceChildren(inspector);
  return { host, inspector, id };
}

const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

async function drawn(inspector: FlowInspector): Promise<void> {
  while (!inspector.shadowRoot?.querySelector('.node')) await frame();
}

/** The last steps of an example that no picture has is an activity that runs for ever. */
async function show(name: string): Promise<void> {
  const example = EXAMPLES.find((e) => e.definition.flow === name)!;
  pause = 15;
  const { host, inspector } = await stage(example.definition);
  for (const [activity, output] of example.done ?? []) {
    let task = undefined;
    while (!task) {
      task = (await host.tasks()).find((t) => t.activity === activity);
      await frame();
    }
    await host.send({ type: 'complete', task: task.id, output: output as never });
  }
  await drawn(inspector);
}

/** While an instance makes about 200 steps a second on 200 activities; `alone`, with nobody looking. */
async function live(seconds: number, alone = false): Promise<object> {
  pause = 9;
  const { host, inspector, id } = await stage(blocks('live', 200, true));
  if (alone) inspector.remove();
  else await drawn(inspector);
  // What is made once for a flow has been made.
  for (let i = 0; i < 60; i++) await frame();
  const begun = (await host.get(id))!.v;
  const gaps: number[] = [];
  performance.mark('begin');
  const start = performance.now();
  for (let last = start; last - start < seconds * 1000;) {
    const now = await frame();
    gaps.push(now - last);
    last = now;
  }
  performance.mark('end');
  const steps = (await host.get(id))!.v - begun;
  await host.cancel(id);
  return { stepsPerSecond: Math.round(steps / seconds), frames: gaps };
}

/** How long a large layout takes in the worker, and the longest that the page stands still meanwhile. */
async function layout(count: number): Promise<object> {
  const flow = await compile(blocks('large', count, true));
  let longest = 0;
  const channel = new MessageChannel();
  let last = performance.now();
  channel.port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    channel.port2.postMessage(null);
  };
  channel.port2.postMessage(null);
  const begun = performance.now();
  const { why } = await layOutAside(flow);
  const took = performance.now() - begun;
  channel.port1.close();
  const before = performance.now();
  layOutFlow(flow);
  return {
    activities: Object.keys(flow.plan.activities).length,
    took,
    longest,
    inPage: performance.now() - before,
    why,
  };
}

const painted = async (): Promise<void> => {
  await frame();
  await new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(null);
  });
};

let long: Stage | undefined;
let slider: HTMLInputElement | undefined;

/** An instance that has made so many steps, by a loop. */
async function longJournal(events: number): Promise<number> {
  pause = 0;
  long = await stage({
    flow: 'long',
    kind: 'process',
    variables: { n: { initial: 0 } },
    activities: [
      {
        id: 'A',
        type: 'script',
        output: { n: 'n + 1' },
        loop: { kind: 'until', condition: `n >= ${events}`, max: events },
      },
      { id: 'B', type: 'script' },
    ],
    connectors: [{ id: 'c', from: 'A', to: 'B' }],
  });
  while ((await long.host.get(long.id))!.status === 'running') await frame();
  return (await long.host.history(long.id)).length;
}

/** A tab of a new inspector, so that its first jump counts, too. */
async function openTab(tab: string): Promise<void> {
  const fresh = document.createElement('flow-inspector');
  fresh.source = long!.inspector.source;
  document.body.replaceChildren(fresh);
  await drawn(fresh);
  fresh.shadowRoot!.querySelector<HTMLElement>(`#tab-${tab}`)!.click();
  while (/Loading …/.test(fresh.shadowRoot!.textContent!)) await frame();
  slider = fresh.shadowRoot!.querySelector<HTMLInputElement>('input[type=range]')!;
  await painted();
}

/** Until the picture is there; ms on the wall, waiting for the screen included. */
async function jump(step: number): Promise<number> {
  const begun = performance.now();
  slider!.value = String(step);
  slider!.dispatchEvent(new InputEvent('input'));
  await painted();
  return performance.now() - begun;
}

Object.assign(globalThis, {
  bench: { names: EXAMPLES.map((e) => e.definition.flow), show, live, layout, longJournal, openTab, jump },
});
