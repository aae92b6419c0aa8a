// A small real HTTP API: prices, credit scores, orders and loans, with a settable delay and failure rate, idempotency keys
// and a log of everything. Bound to loopback.
import { createServer } from 'node:http';
import { createRequestLog } from './request-log.mjs';
import { routes } from './routes.mjs';

const MAX_BODY = 100_000;

/** Starts it; resolves to the server, whose `settings` may be changed at any time. */
export async function startApi({ port = 0, logFile } = {}) {
  const settings = { delay: 300, failureRate: 0 };
  const log = createRequestLog(logFile);
  /** Answers by idempotency key: the same request twice has one effect. */
  const answered = new Map();
  const server = createServer((request, response) => {
    void answer(request, response, { settings, log, answered }).catch((error) =>
      send(response, 500, { message: error.message }),
    );
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: server.address().port,
    settings,
    log,
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  };
}

async function answer(request, response, { settings, log, answered }) {
  const { method } = request;
  const { pathname } = new URL(request.url, 'http://localhost');
  const body = await readBody(request);
  if (pathname === '/api/settings') {
    if (method === 'PUT') Object.assign(settings, validSettings(body));
    return send(response, 200, settings);
  }
  if (pathname === '/api/log') {
    if (method === 'DELETE') log.clear();
    return send(response, 200, log.all());
  }
  const key = request.headers['idempotency-key'];
  log.add({ phase: 'received', method, path: pathname, key, body });
  await new Promise((resolve) => setTimeout(resolve, settings.delay));
  const repeated = key !== undefined && answered.get(key);
  const { status = 200, body: content = {} } =
    repeated ||
    (Math.random() < settings.failureRate
      ? { status: 503, body: { message: 'The demo API fails on purpose.' } }
      : handle(method, pathname, body));
  if (key !== undefined && status < 500) answered.set(key, { status, body: content });
  log.add({ phase: 'answered', method, path: pathname, key, status, ...(repeated ? { repeated: true } : {}) });
  send(response, status, content);
}

function handle(method, pathname, body) {
  for (const route of routes) {
    const match = route.method === method && route.path.exec(decodeURIComponent(pathname));
    if (!match) continue;
    const result = route.handle(match, body);
    return 'status' in result ? result : { status: 200, body: result };
  }
  return { status: 404, body: { message: `${method} ${pathname} is not part of this API.` } };
}

function validSettings(body) {
  const delay = Number(body?.delay ?? NaN);
  const failureRate = Number(body?.failureRate ?? NaN);
  return {
    ...(delay >= 0 && delay <= 60_000 ? { delay } : {}),
    ...(failureRate >= 0 && failureRate <= 1 ? { failureRate } : {}),
  };
}

async function readBody(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MAX_BODY) throw new Error('The body is too large.');
  }
  return text ? JSON.parse(text) : undefined;
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
