// A relay on this machine between pages that run flows and inspectors of XState that read a WebSocket. It binds loopback
// only, admits nobody without its token, and no page from an origin that was not named.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { wireOf, type BridgeCommand, type BridgeMessage, type Wire } from '../../src/inspect/protocol/index.js';

export interface BridgeOptions {
  /** Default 8899; 0 takes a free one. */
  readonly port?: number;
  /** Origins of the pages that may connect, e.g. `http://127.0.0.1:5173`. Programs without an origin need only the token. */
  readonly origins?: readonly string[];
  /** Default: a random one. */
  readonly token?: string;
}

export interface Bridge {
  readonly port: number;
  readonly token: string;
  /** For a page or an inspector, with the token in it. */
  readonly address: string;
  close(): Promise<void>;
}

/** What a message from an inspector may have at most; nothing but a greeting is understood. */
const MOST_BYTES = 64 * 1024;
/** What a page may send in one message. */
const MOST_FROM_PAGE = 16 * 1024 * 1024;

export async function startBridge({
  port = 8899,
  origins = [],
  token = randomBytes(24).toString('base64url'),
}: BridgeOptions = {}): Promise<Bridge> {
  const pages = new Set<WebSocket>();
  const clients = new Map<number, { readonly socket: WebSocket; wire: Wire }>();
  let last = 0;
  const say = (page: WebSocket, command: BridgeCommand): void => page.send(JSON.stringify(command));

  const welcomePage = (page: WebSocket): void => {
    pages.add(page);
    for (const [client, { wire }] of clients) say(page, { type: 'attach', client, wire });
    page.on('message', (data) => {
      const told = parsed(String(data)) as Partial<BridgeMessage> | null | undefined;
      if (told?.message) clients.get(told.client!)?.socket.send(JSON.stringify(told.message));
    });
    page.on('close', () => pages.delete(page));
  };
  const welcomeClient = (socket: WebSocket, wire: Wire): void => {
    const client = ++last;
    const all = { socket, wire };
    clients.set(client, all);
    const attach = (): void => pages.forEach((page) => say(page, { type: 'attach', client, wire: all.wire }));
    attach();
    socket.on('message', (data) => {
      const greeted = wireOf(parsed(String(data)));
      // Clients for XState 4 greet; whoever does not, reads the wire of XState 5.
      if (!greeted || greeted === all.wire) return;
      all.wire = greeted;
      attach();
    });
    socket.on('close', () => {
      clients.delete(client);
      pages.forEach((page) => say(page, { type: 'detach', client }));
    });
  };

  const server = createServer((_, response) => response.writeHead(404).end());
  const toPages = new WebSocketServer({ noServer: true, maxPayload: MOST_FROM_PAGE });
  const toClients = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES });
  server.on('upgrade', (request, socket, head) => {
    // Whatever is asked for, it is a path of this machine.
    const { pathname, searchParams } = new URL(`http://127.0.0.1/${(request.url ?? '').replace(/^\/+/, '')}`);
    const refusal = refusalOf(request, searchParams.get('token') ?? '', token, origins);
    if (refusal) {
      socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${refusal}`);
      return;
    }
    if (pathname === '/page') toPages.handleUpgrade(request, socket, head, welcomePage);
    else
      toClients.handleUpgrade(request, socket, head, (client) =>
        welcomeClient(client, searchParams.get('wire') === 'xstate4' ? 'xstate4' : 'stately'),
      );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    port: taken,
    token,
    address: `ws://127.0.0.1:${taken}/?token=${token}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of [...toPages.clients, ...toClients.clients]) socket.terminate();
        server.close(() => resolve());
      }),
  };
}

function refusalOf(
  { headers }: IncomingMessage,
  given: string,
  token: string,
  origins: readonly string[],
): string | undefined {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  if (a.length !== b.length || !timingSafeEqual(a, b)) return 'The token is missing or wrong.';
  // A page could have the name of another machine point here.
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(headers.host ?? '')) return 'Only this machine may ask.';
  if (headers.origin !== undefined && !origins.includes(headers.origin))
    return `The origin ${headers.origin} is not admitted.`;
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
