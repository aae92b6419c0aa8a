// Correlation of messages: one durable object per message name holds who waits for it and what nobody has waited for yet. A
// waiter counts as woken only when its instance has taken the message; otherwise the next one is asked.
import { handlers, object, rpc, type ObjectContext } from '@restatedev/restate-sdk';
import { matches, type Waiter } from '../../../src/hosts/kit.js';
import { keyOf, MESSAGE, splitKey, type Signal, type Taken, type Woken } from './contract.js';
import { Instance, Message, type MessageObject } from './objects.js';

/** How long the id of a signal is remembered, so that a repetition is not a second one. */
const REMEMBERED = 7 * 86_400_000;

const { exclusive } = handlers.object;

export function createMessageObject(): ReturnType<typeof build> {
  return build();
}

function build() {
  const behind = { ingressPrivate: true };
  const implementation: MessageObject = {
    signal: exclusive(signal),
    subscribe: exclusive(behind, subscribe),
    unsubscribe: exclusive(behind, unsubscribe),
    forget: exclusive(behind, async (ctx: ObjectContext, { id }: { readonly id: string }) => ctx.clear(seen(id))),
  };
  return object({ name: MESSAGE, handlers: implementation, options: { enableLazyState: true } });
}

async function signal(ctx: ObjectContext, sent: Signal): Promise<readonly Woken[]> {
  if (sent.id !== undefined) {
    // Ids are the sender's: nobody can use up that of somebody else.
    const id = JSON.stringify([sent.by ?? null, sent.id]);
    if (await ctx.get<boolean>(seen(id))) return [];
    ctx.set(seen(id), true);
    ctx.objectSendClient(Message, ctx.key).forget({ id }, rpc.sendOpts({ delay: REMEMBERED }));
  }
  let waiters = await waitersOf(ctx);
  const woken: Woken[] = [];
  for (const waiter of waiters.filter((w) => matches(w.subscription, sent))) {
    waiters = waiters.filter((w) => w !== waiter);
    const { taken, v } = await deliver(ctx, waiter, sent);
    if (!taken) continue;
    woken.push({ instance: waiter.instance, v });
    if (!sent.broadcast) break;
  }
  ctx.set('waiters', waiters);
  if (woken.length === 0 && !sent.broadcast) ctx.set('kept', [...(await keptOf(ctx)), sent]);
  return woken;
}

async function subscribe(ctx: ObjectContext, waiter: Waiter): Promise<void> {
  const kept = await keptOf(ctx);
  const waiting = kept.find((s) => matches(waiter.subscription, s));
  if (waiting) {
    const { taken } = await deliver(ctx, waiter, waiting);
    if (taken) {
      ctx.set(
        'kept',
        kept.filter((s) => s !== waiting),
      );
    }
    return;
  }
  ctx.set('waiters', [...(await waitersOf(ctx)), waiter]);
}

async function unsubscribe(ctx: ObjectContext, gone: { instance: string; token: string }): Promise<void> {
  const waiters = await waitersOf(ctx);
  const left = waiters.filter((w) => w.instance !== gone.instance || w.token !== gone.token);
  if (left.length < waiters.length) ctx.set('waiters', left);
}

/** The instance never waits for this object, so waiting for the instance cannot lock both. */
function deliver(ctx: ObjectContext, { instance, token, id }: Waiter, sent: Signal): Promise<Taken> {
  const { tenant } = splitKey(ctx.key);
  const { data, by, reason } = sent;
  return ctx.objectClient(Instance, keyOf(tenant, instance)).message({
    type: 'message',
    token,
    id,
    ...(data === undefined ? {} : { data }),
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
  });
}

async function waitersOf(ctx: ObjectContext): Promise<readonly Waiter[]> {
  return (await ctx.get<readonly Waiter[]>('waiters')) ?? [];
}

async function keptOf(ctx: ObjectContext): Promise<readonly Signal[]> {
  return (await ctx.get<readonly Signal[]>('kept')) ?? [];
}

function seen(id: string): string {
  return `seen ${id}`;
}
