// What `main.mjs` measures and photographs, in a browser: the inspector over a memory host.
import '../../components/flow-inspector/define.js';
import type { FlowInspector } from '../../components/flow-inspector/define.js';
import { compile, createMemoryHost, type FlowDefinition, type MemoryHost } from '../../src/index.js';
import { layOutFlow } from '../../src/inspect/index.js';
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

/** Frames while an instance makes about 200 steps a second on 200 activities. */
async function live(seconds: number): Promise<object> {
  pause = 10;
  const { host, inspector, id } = await stage(blocks('live', 200, true));
  await drawn(inspector);
  const begun = (await host.history(id)).length;
  const gaps: number[] = [];
  let busy = 0;
  const observer = new PerformanceObserver((list) => (busy += list.getEntries().length));
  observer.observe({ type: 'longtask' });
  const start = performance.now();
  for (let last = start; last - start < seconds * 1000;) {
    const now = await frame();
    gaps.push(now - last);
    last = now;
  }
  observer.disconnect();
  const steps = (await host.history(id)).length - begun;
  await host.cancel(id);
  gaps.sort((a, b) => a - b);
  const at = (part: number): number => gaps[Math.floor((gaps.length - 1) * part)]!;
  return {
    stepsPerSecond: steps / seconds,
    frames: gaps.length,
    median: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    longTasks: busy,
  };
}

async function layout(count: number): Promise<number> {
  const flow = await compile(blocks('large', count));
  const begun = performance.now();
  layOutFlow(flow);
  return performance.now() - begun;
}

/** Jumps to random steps of a long journal. */
async function jumps(events: number): Promise<object> {
  pause = 0;
  const { host, inspector, id } = await stage({
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
  while ((await host.get(id))!.status === 'running') await frame();
  await inspector.show(id);
  await drawn(inspector);
  const all = (await host.history(id)).length;
  const times: number[] = [];
  for (let i = 0; i < 60; i++) {
    const begun = performance.now();
    inspector.steps = 1 + Math.floor(((i * 7919) % 60) * (all / 61));
    await inspector.updateComplete;
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  return { events: all, median: times[30], worst: times.at(-1) };
}

Object.assign(globalThis, { bench: { names: EXAMPLES.map((e) => e.definition.flow), show, live, layout, jumps } });
