// A page that runs a flow and serves an inspector in a frame. `?origin=` is the origin that it admits.
import { compile, createMemoryHost } from '../../../src/index.js';
import { createInspection, serveWindow } from '../../../src/inspect/index.js';

const { origin, frame: address } = Object.fromEntries(new URLSearchParams(location.search));
const flow = await compile({
  flow: 'order',
  title: 'Order',
  kind: 'process',
  roles: { boss: {} },
  activities: [
    { id: 'Pay', type: 'script' },
    { id: 'Look', type: 'user', role: 'boss' },
  ],
  connectors: [{ id: 'c1', from: 'Pay', to: 'Look' }],
});
const host = createMemoryHost();
await host.deploy(flow);
await host.start('order', {}, { id: 'one' });
const inspection = createInspection({
  instances: (query) => host.list(query),
  history: (id) => host.history(id),
  flowOf: async () => flow,
  watch: async (listener) => host.watch(undefined, listener),
});
const frame = document.createElement('iframe');
serveWindow(inspection, () => frame.contentWindow, origin!);
frame.src = address!;
document.body.append(frame);

// Answers once a listener of its own has been told, which takes no less than telling the frame.
addEventListener('message', ({ data, source }) => {
  if (data !== 'ping') return;
  const stop = inspection.attach(() => {
    stop();
    (source as Window).postMessage('pong', '*');
  });
});
