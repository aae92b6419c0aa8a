// Takes an inspection to whoever asks for it: a window that this page has opened or framed, or a bridge on this machine.
// Nothing is said to anybody else: the window and its origin must be the ones that were named.
import type { Inspection } from './inspection.js';
import { GREETINGS, messageOf, type Wire, type WireMessage } from './wires.js';

/**
 * Serves an inspector in another window (`window.open(…)` or the `contentWindow` of a frame), which must be of this origin.
 * It is told everything when it says that it is there; give the function that is returned a call to end.
 */
export function serveWindow(inspection: Inspection, target: () => Window | null, origin: string): () => void {
  if (origin === '*')
    throw new TypeError('Name the origin of the inspector: "*" would tell every page what the flows hold.');
  let detach: (() => void) | undefined;
  const hear = ({ data, source, origin: from }: MessageEvent<unknown>): void => {
    const wire = wireOf(data);
    if (!wire || source !== target() || from !== origin) return;
    // It has been loaded again.
    detach?.();
    detach = inspection.attach((record) => {
      const message = messageOf(record, wire);
      if (message) target()?.postMessage(message, origin);
    });
  };
  window.addEventListener('message', hear);
  return () => {
    window.removeEventListener('message', hear);
    detach?.();
  };
}

/** The wire of a client that greets. */
export function wireOf(data: unknown): Wire | undefined {
  const type = (data as { readonly type?: unknown } | null)?.type;
  return typeof type === 'string' && Object.hasOwn(GREETINGS, type) ? GREETINGS[type] : undefined;
}

/** What the bridge tells a page: a client is there, or gone. */
export type BridgeCommand =
  | { readonly type: 'attach'; readonly client: number; readonly wire: Wire }
  | { readonly type: 'detach'; readonly client: number };

/** What a page tells the bridge. */
export interface BridgeMessage {
  readonly client: number;
  readonly message: WireMessage;
}

/**
 * Serves the clients of a bridge (`npm run inspect` prints its address, with the token in it). Ends when the bridge goes, or
 * when the function that it resolves with is called.
 */
export async function serveBridge(inspection: Inspection, address: string): Promise<() => void> {
  const url = new URL(address);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname))
    throw new TypeError(`The bridge at "${url.host}" is not on this machine. Inspections do not leave it.`);
  url.pathname = '/page';
  const socket = new WebSocket(url);
  const clients = new Map<number, () => void>();
  const end = (): void => {
    for (const detach of clients.values()) detach();
    clients.clear();
    socket.close();
  };
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener(
      'error',
      () => reject(new Error(`No bridge answers at ${url.host}, or it refuses this page.`)),
      {
        once: true,
      },
    );
  });
  socket.addEventListener('close', end, { once: true });
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const command = JSON.parse(data) as BridgeCommand;
    clients.get(command.client)?.();
    clients.delete(command.client);
    if (command.type !== 'attach') return;
    const { client, wire } = command;
    const detach = inspection.attach((record) => {
      const message = messageOf(record, wire);
      if (message) socket.send(JSON.stringify({ client, message } satisfies BridgeMessage));
    });
    clients.set(client, detach);
  });
  return end;
}
