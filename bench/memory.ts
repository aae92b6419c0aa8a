// What a definition, a waiting and a live instance keep of the heap, each as the difference of many, after collecting garbage.
import { compile, createMemoryHost, type CompiledFlow } from '../src/index.js';
import { flowFor } from './contestants/millrace.js';

export interface MemoryResult {
  readonly what: string;
  /** KiB of one. */
  readonly kib: number;
}

const ACTIVITIES = 20;

export async function measureMemory(): Promise<readonly MemoryResult[]> {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (!collect) throw new Error('Memory is measured with --expose-gc.');
  const heap = (): number => {
    for (let i = 0; i < 4; i++) collect();
    return process.memoryUsage().heapUsed;
  };
  const each = async (count: number, make: (i: number) => Promise<unknown>, before = 1): Promise<number> => {
    const kept: unknown[] = [];
    for (let i = 1; i <= before; i++) await make(-i);
    const from = heap();
    for (let i = 0; i < count; i++) kept.push(await make(i));
    const kib = (heap() - from) / count / 1024;
    kept.length = 0;
    return kib;
  };

  const sequence = (name: string): object =>
    flowFor({ name, kind: 'sequence', size: ACTIVITIES, activities: ACTIVITIES });
  // The compiler keeps 200: larger ones from before would be given up meanwhile.
  const compiled = await each(300, (i) => compile(sequence(`memory ${i}`)) as Promise<CompiledFlow>, 200);

  const host = createMemoryHost({ implementations: { work: () => new Promise<null>(() => {}) } });
  await host.deploy(await compile(sequence('live')));
  const task = { id: 'a0', type: 'user', role: 'r' };
  await host.deploy(
    await compile({ ...sequence('waiting'), kind: 'process', roles: { r: {} }, activities: [task], connectors: [] }),
  );
  const live = await each(1000, async () => void (await host.start('live')));
  const waiting = await each(1000, async () => void (await host.start('waiting')));
  await host.close();
  return [
    { what: `a compiled definition of ${ACTIVITIES} activities`, kib: compiled },
    { what: 'an instance with a call under way', kib: live },
    { what: "an instance that waits for a person's task", kib: waiting },
  ];
}
