// Posts JSON over connections that are kept. Node's own client and not `fetch`, whose streams and signals cost several times as
// much as the call to the engine itself.
import * as http from 'node:http';
import * as https from 'node:https';

const KEPT = { keepAlive: true, maxSockets: 512 };
const agents = { http: new http.Agent(KEPT), https: new https.Agent(KEPT) };

export interface JsonAnswer {
  readonly status: number;
  readonly text: string;
}

/** Rejects when there is no whole answer in time. */
export function postJson(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
  timeout: number,
): Promise<JsonAnswer> {
  const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const isSecure = url.startsWith('https:');
    const sent = (isSecure ? https : http).request(url, {
      method: 'POST',
      agent: isSecure ? agents.https : agents.http,
      headers: {
        ...headers,
        ...(content ? { 'content-type': 'application/json', 'content-length': String(content.length) } : {}),
      },
    });
    const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${timeout} ms`)), timeout);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    sent.on('error', fail);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', fail);
      response.on('close', () => {
        if (!response.complete) return fail(new Error('the answer broke off'));
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    sent.end(content);
  });
}
