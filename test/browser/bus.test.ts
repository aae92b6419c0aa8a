import { expect, fixture, html } from '@open-wc/testing';
import { deleteDB } from 'idb';
import { Runtime, type FlowDefinition } from '../../src/runtime/index.js';

const waiting: FlowDefinition = {
  flow: 'paid-order',
  kind: 'process',
  input: { order: { type: 'string' } },
  output: { amount: 'amount' },
  activities: [
    { id: 'W', type: 'receive', message: { name: 'paid', key: 'order' }, output: { amount: '$output.amount' } },
  ],
};
const telling = (ref: string, args: Readonly<Record<string, string>>): FlowDefinition => ({
  flow: `tell-by-${ref}`,
  kind: 'microflow',
  output: { result: 'result' },
  activities: [{ id: 'T', type: 'service', implementation: { ref, arguments: args }, output: { result: '$output' } }],
});

describe('messages between pages', () => {
  let runtime: Runtime;
  beforeEach(() => {
    runtime = new Runtime({ database: 'bus-test' });
    runtime.define(waiting);
  });
  afterEach(async () => {
    await runtime.close();
    await deleteDB('bus-test');
  });

  it('of a flow in one page wake a process in another, by name and key', async () => {
    const end = runtime.listen({ channel: 'shop' });
    const { done } = await runtime.start('paid-order', { order: 'A' });
    const other = new Runtime();
    const args = { channel: '"shop"', name: '"paid"', key: '"A"', data: '{ "amount": 5 }' };
    other.define(telling('broadcast', args));
    await (
      await other.start('tell-by-broadcast')
    ).done;
    expect((await done).output).to.deep.equal({ amount: 5 });
    end();
  });

  it('go to a frame of a named origin and come back from it', async () => {
    const end = runtime.listen({ origins: [location.origin], read: (data) => (data as { answer?: never })?.answer });
    const { done } = await runtime.start('paid-order', { order: 'A' });
    const frame = await fixture<HTMLIFrameElement>(html`<iframe name="till" title="Till"></iframe>`);
    frame.contentWindow!.onmessage = ({ data, source }: MessageEvent) => {
      const { millrace: _, id, ...message } = data as Record<string, unknown>;
      (source as Window).postMessage({ answer: { ...message, name: 'paid', id } }, location.origin);
    };
    const args = { to: '"till"', name: '"charge"', key: '"A"', data: '{ "amount": 6 }' };
    runtime.define(telling('post-message', { ...args, origin: JSON.stringify(location.origin) }));
    await (
      await runtime.start('tell-by-post-message')
    ).done;
    expect((await done).output).to.deep.equal({ amount: 6 });
    end();
  });

  it('are not sent to just anybody, nor to a window that is not there', async () => {
    const fails = async (args: Readonly<Record<string, string>>): Promise<string | undefined> => {
      runtime.define(telling('post-message', { name: '"paid"', ...args }));
      return (await (await runtime.start('tell-by-post-message')).done).failure?.code;
    };
    expect(await fails({ to: '"opener"', origin: '"*"' })).to.equal('BUS-ORIGIN');
    expect(await fails({ to: '"nobody"', origin: '"https://a.example"' })).to.equal('BUS-NOBODY');
    expect(await fails({ to: '"opener"' })).to.equal('FLOW-ARGUMENTS');
  });
});

describe('notifications of the browser', () => {
  const { Notification: real } = window;
  afterEach(() => void (window.Notification = real));
  const run = async (): Promise<unknown> => {
    const runtime = new Runtime();
    runtime.define(telling('notify', { title: '"Done"', body: '"Your order"', url: '"https://evil.example/"' }));
    return (await (await runtime.start('tell-by-notify')).done).output?.['result'];
  };
  const withPermission = (permission: NotificationPermission): { title: string; tag?: string }[] => {
    const shown: { title: string; tag?: string }[] = [];
    const fake = function (title: string, { tag }: NotificationOptions): object {
      shown.push({ title, ...(tag === undefined ? {} : { tag }) });
      return {};
    };
    window.Notification = Object.assign(fake, { permission }) as unknown as typeof Notification;
    return shown;
  };

  it('are shown where the user allows it, a repetition in place of the first', async () => {
    const shown = withPermission('granted');
    expect(await run()).to.deep.equal({ shown: true, permission: 'granted' });
    expect(shown[0]!.title).to.equal('Done');
    expect(shown[0]!.tag).to.match(/\/i1$/);
  });

  it('tell the flow when the user has not allowed them', async () => {
    const shown = withPermission('denied');
    expect(await run()).to.deep.equal({ shown: false, permission: 'denied' });
    expect(shown).to.deep.equal([]);
  });
});
