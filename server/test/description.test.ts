// The OpenAPI document: another person's client is written from it alone. That real answers fit it is checked wherever the
// tests ask (`described.ts`).
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { flowSchema, type JsonObject } from '../../src/index.js';
import { EXAMPLES } from '../src/gateway/openapi/examples.js';
import { MEANINGS } from '../src/gateway/openapi/flow-definition.js';
import { answerOf, documentOf, misfits, type OpenApi, type Operation } from './described.js';
import { startTestServer, type TestServer } from './harness.js';

describe('the description of the gateway', () => {
  let t: TestServer;
  let document: OpenApi;
  let operations: readonly (readonly [string, Operation])[];
  before(async () => {
    t = await startTestServer();
    document = await documentOf(t.url);
    operations = Object.entries(document.paths).flatMap(([path, of]) =>
      Object.entries(of).map(([method, operation]) => [`${method} ${path}`, operation] as const),
    );
  });
  after(() => t.close());

  it('needs nothing but itself: every reference leads into it', () => {
    assert.equal(document.openapi, '3.1.0');
    const text = JSON.stringify(document);
    for (const [, kind, name] of text.matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g))
      assert.ok(Object.hasOwn(document.components[kind as 'schemas'], name!), `${name} is not described`);
    assert.ok(!/"\$ref":"(?!#\/components\/)/.test(text), 'a reference leads out of the document');
    assert.ok(!/"x-(as|json)"/.test(text), 'what is meant for the framework shows');
  });

  it('names every operation, what it takes and what it may answer', () => {
    assert.ok(operations.length >= 30);
    const ids = operations.map(([, { operationId }]) => operationId);
    assert.equal(new Set(ids).size, ids.length);
    for (const [what, operation] of operations) {
      assert.match(operation.operationId, /^[a-z]+[A-Za-z]*$/, what);
      assert.ok(operation.summary, what);
      const statuses = Object.keys(operation.responses);
      assert.ok(
        statuses.some((status) => status.startsWith('2')),
        what,
      );
      if (operation.security?.length !== 0)
        for (const status of ['401', '429', '500', '503']) assert.ok(statuses.includes(status), `${what} ${status}`);
      for (const status of statuses) assert.ok(answerOf(document, operation, Number(status)), `${what} ${status}`);
    }
  });

  it('has an example of every request, and every example fits', () => {
    for (const [what, { operationId, requestBody, responses }] of operations) {
      const media = requestBody?.content['application/json'];
      if (media) {
        assert.ok(media.example !== undefined, `${what} has no example`);
        assert.deepEqual(misfits(document, media.schema, media.example), [], what);
      }
      for (const [status, answer] of Object.entries(responses)) {
        for (const { schema, example } of Object.values(answer.content ?? {}))
          if (example !== undefined) assert.deepEqual(misfits(document, schema, example), [], `${what} ${status}`);
      }
      for (const status of Object.keys(EXAMPLES[operationId]?.answers ?? {}))
        assert.ok(responses[status], `${what}: there is an example of ${status}`);
    }
    const known = new Set(operations.map(([, { operationId }]) => operationId));
    assert.deepEqual(
      Object.keys(EXAMPLES).filter((id) => !known.has(id)),
      [],
    );
  });

  it('has the whole flow language, so that a definition can be written from it', async () => {
    const { schemas } = document.components;
    for (const name of Object.keys(MEANINGS)) {
      const [part, property] = name.split('.');
      assert.ok((schemas[part!]!['properties'] as JsonObject)[property!], `${name} does not exist`);
    }
    const { example } = operations.find(([, { operationId }]) => operationId === 'deployFlow')![1].requestBody!.content[
      'application/json'
    ]!;
    const { status, body } = await t.operator.post<{ diagnostics: unknown }>('/v1/flows', example);
    assert.deepEqual([status, body.diagnostics], [201, []]);
    const definition = { $ref: '#/components/schemas/FlowDefinition' };
    assert.deepEqual(misfits(document, definition, example), []);
    assert.notDeepEqual(misfits(document, definition, { ...(example as JsonObject), activites: [] }), []);
    assert.deepEqual(
      Object.keys(schemas['FlowDefinition']!['properties'] as object),
      Object.keys((flowSchema as JsonObject)['properties'] as object),
    );
  });

  it('takes what it calls optional as optional, also from clients that name the type of a body that they do not send', async () => {
    await t.deploy({ flow: 'ask', kind: 'process', activities: [{ id: 'U', type: 'user', role: 'sales' }] });
    const { id } = await t.operator.start('ask');
    for (const action of ['claim', 'complete']) {
      const response = await fetch(`${t.url}/v1/tasks/${id}/i1/${action}`, {
        method: 'POST',
        headers: { 'x-api-key': t.keyOf('ada'), 'content-type': 'application/json' },
      });
      assert.equal(response.status, 204, await response.text());
    }
  });

  it('says what other kinds of content, methods and addresses get', async () => {
    const headers = { 'x-api-key': t.keyOf('operator'), 'content-type': 'text/plain' };
    const text = await fetch(`${t.url}/v1/instances`, { method: 'POST', headers, body: 'x' });
    assert.equal(text.status, 415);
    const problem = { $ref: '#/components/schemas/Problem' };
    assert.deepEqual(misfits(document, problem, await text.json()), []);
    const unknown = await t.operator.get('/v1/nothing');
    assert.equal(unknown.status, 404);
    assert.deepEqual(misfits(document, problem, unknown.body), []);
  });
});
