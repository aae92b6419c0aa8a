// Runs an imported file on a memory host whose time moves by itself, and gives what its scripts appended to the trace.
import { importBpmn, type ImportOptions } from '../../../src/bpmn/index.js';
import {
  compile,
  createMemoryHost,
  createRegistry,
  type FlowDefinition,
  type InstanceView,
  type Json,
  type JsonObject,
} from '../../../src/index.js';
import { fakeClock } from '../fake-clock.js';

export interface BpmnRun {
  readonly view: InstanceView;
  /** What `SCRIPT_…` scripts appended, sorted, because the order of parallel branches is free. */
  readonly trace: readonly string[];
  /** Ids of the activities in the order in which they completed. */
  readonly completed: readonly string[];
}

export interface RunOptions extends ImportOptions {
  readonly input?: JsonObject;
  /** Called whenever nothing moves any more; true to go on. */
  readonly idle?: (host: ReturnType<typeof createMemoryHost>, view: InstanceView, round: number) => Promise<boolean>;
  /** What scripts other than `SCRIPT_…` give. */
  readonly script?: (script: string, activity: string) => Json | void;
  readonly implementations?: Readonly<Record<string, (args: JsonObject) => Json | void | Promise<Json | void>>>;
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((done) => setImmediate(done));
};

/** Whether an activity of some instance is at work: it runs, but for no event, no person and no other flow. */
async function isAtWork(host: ReturnType<typeof createMemoryHost>, flows: readonly FlowDefinition[]): Promise<boolean> {
  const works = new Map(
    flows.map((f) => [f.flow, new Set(f.activities.filter((a) => WORKS.has(a.type)).map((a) => a.id))]),
  );
  return (await host.list({ status: 'running' })).some((view) =>
    Object.entries(view.activities).some(([id, a]) => a.state === 'running' && works.get(view.flow)?.has(id)),
  );
}
const WORKS: ReadonlySet<string> = new Set(['service', 'script', 'send']);

export async function runBpmn(source: string | Uint8Array, options: RunOptions = {}): Promise<BpmnRun> {
  const { definitions } = await importBpmn(source, options);
  const clock = fakeClock();
  const trace: string[] = [];
  const known = createRegistry(options.implementations ?? {});
  const implementations = {
    register: known.register,
    resolve: (name: string) => {
      if (name === 'script') {
        return (args: JsonObject, context: { activity: string }) => {
          const script = String(args['script']);
          if (/^SCRIPT_|^EXECUTION/.test(script)) trace.push(script);
          return options.script?.(script, context.activity);
        };
      }
      return known.resolve(name);
    },
  };
  const host = createMemoryHost({ implementations, clock });
  for (const definition of definitions) await host.deploy(await compile(definition));
  const { id } = await host.start(definitions[0]!.flow, options.input ?? {});
  let view = (await host.get(id))!;
  for (let round = 0; round < 60; round++) {
    do await settled();
    while (await isAtWork(host, definitions));
    view = (await host.get(id))!;
    if (view.status !== 'running') break;
    if (options.idle && (await options.idle(host, view, round))) continue;
    clock.advance(3_600_000);
  }
  const history = await host.history(id);
  const completed = history.flatMap((h) => h.changes.filter((c) => c.state === 'completed').map((c) => c.activity));
  await host.close();
  return { view, trace: trace.sort(), completed };
}
