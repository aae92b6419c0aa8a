// Runs in a Web Worker: lays out the flow that it is sent. Nothing but plain data comes in or goes out.
import { layOutFlow, type LayoutOptions } from './layout.js';

export interface LayoutRequest {
  readonly flow: Parameters<typeof layOutFlow>[0];
  readonly options: LayoutOptions;
}

const port = globalThis as unknown as Worker;
port.addEventListener('message', ({ data: { flow, options } }: MessageEvent<LayoutRequest>) =>
  port.postMessage(layOutFlow(flow, options)),
);
