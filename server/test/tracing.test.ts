import assert from 'node:assert/strict';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import { eventually, startTestServer } from './harness.js';

it('traces of activities go to the collector that the settings name', async () => {
  let received = '';
  const collector = createServer();
  collector.on('stream', (stream: ServerHttp2Stream, headers) => {
    received += `${headers[':path']} `;
    stream.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
    stream.on('end', () => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(Buffer.from([0, 0, 0, 0, 0]));
    });
  });
  await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening));
  const t = await startTestServer({ tracing: `http://127.0.0.1:${(collector.address() as AddressInfo).port}` });
  try {
    await t.deploy({
      flow: 'traced',
      kind: 'process',
      activities: [{ id: 'Priced', type: 'service', implementation: { ref: 'nothing' } }],
    });
    await t.operator.start('traced');
    await eventually('the activity is traced', () => received.includes('Activities'));
    assert.match(received, /TraceService/);
  } finally {
    await t.close();
    collector.close();
  }
});
