// The layout of a large flow in a Web Worker, so that the page can be used meanwhile. Where no worker can be had (an old
// browser, a Content Security Policy without `worker-src`, a script of another origin) the page does it, and it is said why.
import { layOutFlow, type FlowLayout, type LayoutOptions } from './layout.js';
import type { LayoutRequest } from './layout-thread.js';

export interface LaidOut {
  readonly layout: FlowLayout;
  /** Why no worker did it. */
  readonly why?: string;
}

export async function layOutAside(flow: LayoutRequest['flow'], options: LayoutOptions = {}): Promise<LaidOut> {
  try {
    return { layout: await inWorker({ flow: { plan: flow.plan }, options }) };
  } catch (error) {
    return { layout: layOutFlow(flow, options), why: error instanceof Error ? error.message : String(error) };
  }
}

async function inWorker(request: LayoutRequest): Promise<FlowLayout> {
  // Written as bundlers expect it, so that they bring the thread's file along.
  const worker = new Worker(new URL('./layout-thread.js', import.meta.url), { type: 'module', name: 'layout' });
  try {
    return await new Promise((resolve, reject) => {
      worker.addEventListener('message', ({ data }) => resolve(data as FlowLayout));
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        reject(new Error(event.message || 'its file could not be loaded'));
      });
      worker.postMessage(request);
    });
  } finally {
    worker.terminate();
  }
}
