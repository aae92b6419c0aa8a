import { expect, fixture, html } from '@open-wc/testing';
import { deleteDB } from 'idb';
import { Runtime, type FlowDefinition } from '../../src/runtime/index.js';
import { until } from './button-page.js';

const inner: FlowDefinition = {
  flow: 'inner',
  kind: 'microflow',
  activities: [{ id: 'A', type: 'service', implementation: { ref: 'late' }, output: { x: '$output' } }],
  output: { x: 'x' },
};
const outer: FlowDefinition = {
  flow: 'outer',
  kind: 'microflow',
  activities: [{ id: 'Call', type: 'call', calls: 'inner', output: { y: '$output.x' } }],
  output: { y: 'y' },
};
const waiting: FlowDefinition = {
  flow: 'waiting',
  kind: 'process',
  activities: [{ id: 'W', type: 'wait', after: 'P1D' }],
};

describe('the runtime', () => {
  it('runs a flow that calls another, with functions registered after the definitions', async () => {
    const runtime = new Runtime();
    runtime.define([outer, inner]);
    runtime.implement('late', () => 7);
    const instance = await runtime.start('outer');
    expect((await instance.done).output).to.deep.equal({ y: 7 });
  });

  it('starts nothing when a flow that it calls is missing', async () => {
    const runtime = new Runtime();
    runtime.define(outer);
    const error = await runtime.start('outer').catch((e: unknown) => e);
    expect(error).to.include({ code: 'FLOW-UNKNOWN' });
    expect(await runtime.instances({ kind: 'microflow' })).to.deep.equal([]);
  });

  it('takes up what failed, and tells its end anew', async () => {
    const runtime = new Runtime();
    runtime.define(inner);
    runtime.implement('late', () => {
      throw Object.assign(new Error('no'), { retryable: false });
    });
    const instance = await runtime.start('inner');
    expect((await instance.done).status).to.equal('failed');
    runtime.implement('late', () => 1);
    await instance.retry();
    expect(await instance.done).to.deep.include({ status: 'completed', output: { x: 1 } });
  });

  it('finds definitions in script elements, also those that come later', async () => {
    const root = await fixture(html`<div></div>`);
    const runtime = new Runtime({ document });
    const script = Object.assign(document.createElement('script'), { type: 'application/flow+json' });
    script.textContent = JSON.stringify(inner);
    expect(await runtime.flow('inner').catch((e: { code: string }) => e.code)).to.equal('FLOW-UNKNOWN');
    root.append(script);
    expect((await runtime.flow('inner')).definition.flow).to.equal('inner');
  });

  it('fetches definitions by address, and says what could not be had when it is missed', async () => {
    const runtime = new Runtime();
    runtime.define(
      new URL(`data:application/json,${encodeURIComponent(JSON.stringify([inner]))}`),
      '/nowhere.flow.json',
    );
    expect((await runtime.flow('inner')).definition.flow).to.equal('inner');
    const error = (await runtime.flow('innner').catch((e: unknown) => e)) as Error;
    expect(error.message).to.contain('Did you mean "inner"').and.contain('/nowhere.flow.json').and.contain('404');
  });

  it('says which script element is no JSON when a flow is missed', async () => {
    const root = await fixture(html`<div></div>`);
    const script = Object.assign(document.createElement('script'), {
      type: 'application/flow+json',
      textContent: '{ "flow": }',
    });
    root.append(script);
    const error = (await new Runtime({ document }).flow('x').catch((e: unknown) => e)) as Error;
    expect(error.message).to.contain('cannot be used').and.contain('JSON');
  });

  it('refuses settings that come too late to be noticed', async () => {
    const runtime = new Runtime({ database: 'a' });
    runtime.configure({ database: 'b' });
    await runtime.host('memory');
    runtime.configure({ database: 'b' });
    expect(() => runtime.configure({ database: 'c' }))
      .to.throw()
      .with.property('code', 'FLOW-CONFIGURED-LATE');
  });

  it('shares everything but the user with its copies', async () => {
    const runtime = new Runtime({ user: { id: 'ada', roles: [] } });
    const copy = runtime.as({ id: 'eve', roles: [] });
    copy.define(inner);
    copy.implement({ late: () => 2 });
    const instance = await runtime.start('inner');
    expect(instance.view.startedBy).to.equal('ada');
    expect((await copy.instance(instance.id))!.view.startedBy).to.equal('ada');
    expect(copy.user!.id).to.equal('eve');
  });

  it('needs somebody to take a task', async () => {
    const error = (await new Runtime().claim('x/y').catch((e: unknown) => e)) as { code: string };
    expect(error.code).to.equal('FLOW-NO-USER');
  });

  it('keeps processes in the browser, and opens nothing where none has been kept', async () => {
    const database = `runtime-${crypto.randomUUID()}`;
    const first = new Runtime({ database });
    await first.resume();
    expect((await indexedDB.databases()).map((d) => d.name)).to.not.include(database);
    first.define(waiting);
    const { id } = await first.start('waiting');
    await first.close();
    const second = new Runtime({ database });
    await second.resume();
    expect((await second.instance(id))!.view.status).to.equal('running');
    const seen: string[] = [];
    const stop = await second.watch((view) => seen.push(view.status));
    await second.cancel(id);
    await until(() => seen.includes('cancelled'));
    stop();
    await second.close();
    await deleteDB(database);
  });

  it('makes no database for who only looks, and tells of the first process, here or in another tab', async () => {
    const database = `looking-${crypto.randomUUID()}`;
    const [looking, other] = [new Runtime({ database }), new Runtime({ database })];
    const seen: string[] = [];
    const stop = await looking.watch((view) => seen.push(view.id));
    expect(await looking.tasks()).to.deep.equal([]);
    expect(await looking.instances({ kind: 'process' })).to.deep.equal([]);
    expect((await indexedDB.databases()).map((d) => d.name)).to.not.include(database);
    other.define(waiting);
    const { id } = await other.start('waiting');
    await until(() => seen.includes(id));
    looking.define(waiting);
    const mine = await looking.start('waiting');
    await until(() => seen.includes(mine.id));
    stop();
    // Begun and looked for at the same time.
    const third = new Runtime({ database: `${database}-2` });
    third.define(waiting);
    const both = await Promise.all([third.watch((view) => seen.push(view.id)), third.start('waiting')]);
    await until(() => seen.includes(both[1].id));
    both[0]();
    await third.close();
    await deleteDB(`${database}-2`);
    await Promise.all([looking.close(), other.close()]);
    await deleteDB(database);
  });

  it('starts nothing that calls itself without end', async () => {
    const runtime = new Runtime();
    runtime.define({ ...outer, flow: 'ping', activities: [{ id: 'A', type: 'call', calls: 'pong' }] });
    runtime.define({ ...outer, flow: 'pong', activities: [{ id: 'A', type: 'call', calls: 'ping' }] });
    const error = (await runtime.start('ping').catch((e: unknown) => e)) as Error;
    expect(error.message).to.match(/FLOW-E107.*ping → pong → ping/);
  });

  it('goes on while a flow that nobody trusts tries to stop everything', async () => {
    const runtime = new Runtime();
    const activities = [{ id: 'A', type: 'script', output: { x: '$match(text, /^a*a*a*a*a*$/)[0].match' } }] as const;
    runtime.define({ flow: 'foreign', kind: 'microflow', untrusted: true, activities, output: { x: 'x' } });
    expect((await (await runtime.start('foreign', { text: 'aaa' })).done).output).to.deep.equal({ x: 'aaa' });
    const evil = await runtime.start('foreign', { text: `${'a'.repeat(5000)}!` });
    // The page is not held up: it takes events, and starts other flows.
    const other = await runtime.start('foreign', { text: 'a' });
    expect((await evil.done).failure?.code).to.equal('FLOW-EXPRESSION-TIMEOUT');
    expect((await other.done).output).to.deep.equal({ x: 'a' });
  });

  it('trusts no definition that another origin serves', async () => {
    const foreign = new URL('/test/browser/foreign.flow.json', location.href);
    foreign.hostname = foreign.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
    const runtime = new Runtime();
    runtime.define(new URL('/test/browser/foreign.flow.json', location.href));
    expect((await runtime.flow('foreign-file')).definition.untrusted).to.equal(undefined);
    const other = new Runtime();
    other.define(foreign);
    expect((await other.flow('foreign-file')).definition.untrusted).to.equal(true);
  });

  it('schedules, exports and logs processes, in the name of its user', async () => {
    const database = `test-${crypto.randomUUID()}`;
    const runtime = new Runtime({ database, user: { id: 'ada', roles: [] }, redact: ['pin'] });
    runtime.define(waiting);
    const schedules = await runtime.schedules();
    await schedules.put({ name: 'daily', flow: 'waiting', cron: '0 7 * * *', timezone: 'Europe/Berlin' });
    expect((await schedules.list())[0]).to.include({ name: 'daily', started: 0 });
    const { id } = await runtime.start('waiting', { pin: 1234 });
    await runtime.send({ type: 'edit', instance: id, variables: { pin: 4321 }, reason: 'forgotten' });
    const archive = await (await runtime.management()).export(id);
    expect(archive.state.pool).to.deep.equal({ pin: 4321 });
    const logs = await runtime.logs();
    const did = await logs.transactions({ instance: id, type: 'intervention' });
    expect(did[0]).to.include({ what: 'edit', by: 'ada', reason: 'forgotten' });
    const [begun] = await logs.data({ instance: id });
    expect(begun!.data).to.deep.equal({ pin: '[redacted]' });
    await runtime.close();
    await deleteDB(database);
  });
});
