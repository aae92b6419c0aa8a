// Messages between pages: other tabs of the origin (BroadcastChannel), and frames or openers of any origin (window messages).
// What is sent has the shape of a signal, `{ millrace: 'message', name, key, data, id }`, so that flows of two pages find each other.
import { FlowError, type Json, type JsonObject } from '../model/index.js';
import type { ImplementationFunction } from './implementation.js';

/** A message as flows wait for it. */
export interface BusMessage {
  readonly name: string;
  readonly key?: string;
  readonly data?: Json;
  /** What has the same id is one message. */
  readonly id?: string;
}

/** Where messages come from. `read` makes a message of what others send in a shape of their own. */
export type BusSource = { readonly read?: (data: unknown) => BusMessage | undefined } & (
  | { readonly channel: string }
  /** Windows of these origins may send. */
  | { readonly origins: readonly string[] }
);

/** Arguments: `channel`, `name`, `key`, `data`. */
export const broadcast: ImplementationFunction = (args, { idempotencyKey }) => {
  const channel = new BroadcastChannel(required(args, 'channel'));
  channel.postMessage(messageOf(args, idempotencyKey));
  channel.close();
};

/** Arguments: `to` (`parent`, `opener`, `top` or the name of a frame), `origin` (who may read it), `name`, `key`, `data`. */
export const postToWindow: ImplementationFunction = (args, { idempotencyKey, activity }) => {
  const origin = required(args, 'origin');
  if (origin === '*') throw new FlowError('BUS-ORIGIN', `${activity}: name the origin that may read it, not "*".`);
  const to = required(args, 'to');
  const target = to === 'parent' || to === 'opener' || to === 'top' ? window[to] : framed(to);
  if (!target || target === window) throw new FlowError('BUS-NOBODY', `${activity}: there is no window "${to}" here.`);
  target.postMessage(messageOf(args, idempotencyKey), origin);
};

/** Calls back with every message; gives the function that ends it. */
export function listenToBus(source: BusSource, listener: (message: BusMessage) => void): () => void {
  const read = source.read ?? readMessage;
  const take = (data: unknown): void => {
    const message = read(data);
    if (message) listener(message);
  };
  if ('channel' in source) {
    const channel = new BroadcastChannel(source.channel);
    channel.onmessage = ({ data }) => take(data);
    return () => channel.close();
  }
  const { origins } = source;
  const onMessage = ({ origin, data }: MessageEvent): void => void (origins.includes(origin) && take(data));
  globalThis.addEventListener('message', onMessage);
  return () => globalThis.removeEventListener('message', onMessage);
}

function messageOf(args: JsonObject, id: string): BusMessage & { readonly millrace: 'message' } {
  const { key, data } = args;
  return {
    millrace: 'message',
    name: required(args, 'name'),
    id,
    ...(key === undefined ? {} : { key: String(key) }),
    ...(data === undefined ? {} : { data }),
  };
}

function readMessage(data: unknown): BusMessage | undefined {
  const { millrace, name, key, data: content, id } = Object(data) as Record<string, unknown>;
  if (millrace !== 'message' || typeof name !== 'string') return undefined;
  return {
    name,
    ...(typeof key === 'string' ? { key } : {}),
    ...(content === undefined ? {} : { data: JSON.parse(JSON.stringify(content)) as Json }),
    ...(typeof id === 'string' ? { id } : {}),
  };
}

function framed(name: string): Window | null | undefined {
  return [...document.querySelectorAll('iframe')].find((frame) => frame.name === name)?.contentWindow;
}

function required(args: JsonObject, name: string): string {
  const value = args[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new FlowError('FLOW-ARGUMENTS', `The argument "${name}" is missing.`, {}, { retryable: false });
}
