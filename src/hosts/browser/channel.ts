// What the tabs of an origin tell each other: that there is work, that a request is done, what an instance looks like now.
// Nothing here is needed for safety; a lost message only means that somebody looks later.
import { FlowError, type Json } from '../../model/index.js';
import type { InstanceView } from '../host.js';
import type { OfferedCall } from './lent-calls.js';

type Notice =
  | { readonly type: 'views'; readonly views: readonly InstanceView[] }
  /** There is work in the store. */
  | { readonly type: 'work' }
  /** Does the executor live? */
  | { readonly type: 'ping' }
  /** A tab has been opened. */
  | { readonly type: 'here' }
  /** Is there a tab that can make this call? */
  | { readonly type: 'wanted'; readonly call: OfferedCall }
  /** Nobody needs it any more. */
  | { readonly type: 'unwanted'; readonly instance: string; readonly token: string }
  /** The executor is there and has looked; `began`: it is a new one. */
  | { readonly type: 'alive'; readonly began?: true }
  | {
      readonly type: 'done';
      readonly id: string;
      readonly error?: PlainError;
      readonly result?: Json;
    };

export interface ChannelListeners {
  readonly view: (view: InstanceView) => void;
  readonly work: () => void;
  readonly arrived: () => void;
  readonly wanted: (call: OfferedCall) => void;
  readonly unwanted: (call: Pick<OfferedCall, 'instance' | 'token'>) => void;
  readonly isExecutor: () => boolean;
  /** Another tab has become the executor. */
  readonly began: () => void;
}

/** So long after the last message other tabs hear of instances again, ms. */
const TELL_AGAIN = 100;

export class Channel {
  readonly #channel: BroadcastChannel;
  readonly #listeners: ChannelListeners;
  readonly #expected = new Map<
    string,
    { resolve: (result: Json | undefined) => void; reject: (error: unknown) => void }
  >();
  #isClosed = false;
  #silence: ReturnType<typeof setTimeout> | undefined;
  /** Instances that have changed since the last message about them, with their views. */
  readonly #changed = new Map<string, () => InstanceView>();
  #telling: ReturnType<typeof setTimeout> | undefined;
  #toldAt = -Infinity;

  constructor(name: string, listeners: ChannelListeners) {
    this.#listeners = listeners;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Notice>) => this.#hear(data);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Of what changes quickly, other tabs hear the newest now and then: a message costs more than a step. */
  publish(id: string, view: () => InstanceView): void {
    this.#changed.set(id, view);
    this.#telling ??= setTimeout(() => this.#tell(), Math.max(0, this.#toldAt + TELL_AGAIN - performance.now()));
  }

  #tell(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    this.#toldAt = performance.now();
    const views = Array.from(this.#changed.values(), (view) => view());
    this.#changed.clear();
    if (views.length > 0) this.#post({ type: 'views', views });
  }

  arrive(): void {
    this.#post({ type: 'here' });
  }

  /** Offers a call to the other tabs. */
  offer(call: OfferedCall): void {
    this.#post({ type: 'wanted', call });
  }

  withdraw(instance: string, token: string): void {
    this.#post({ type: 'unwanted', instance, token });
  }

  /** A new executor: whoever waits for an answer should ask again. */
  announce(): void {
    this.#post({ type: 'alive', began: true });
  }

  /** Asks the executor whether it lives, or tells it that there is work; when nobody answers in `patience` ms, `silent` is called. */
  poke(type: 'ping' | 'work', patience: number, silent: () => void): void {
    this.#post({ type });
    if (this.#silence !== undefined) return;
    this.#silence = setTimeout(() => {
      this.#silence = undefined;
      silent();
    }, patience);
  }

  /** Settles when the request with this id is done. */
  expect(id: string): Promise<Json | undefined> {
    const answer = new Promise<Json | undefined>((resolve, reject) => this.#expected.set(id, { resolve, reject }));
    answer.catch(() => {});
    return answer;
  }

  done(id: string, { error, result }: { readonly error?: PlainError; readonly result?: Json } = {}): void {
    const notice: Notice = {
      type: 'done',
      id,
      ...(error === undefined ? {} : { error }),
      ...(result === undefined ? {} : { result }),
    };
    this.#settle(notice);
    this.#post(notice);
  }

  /** Settles it here only. */
  settle(id: string, error?: PlainError): void {
    this.#settle({ type: 'done', id, ...(error === undefined ? {} : { error }) });
  }

  close(): void {
    this.#tell();
    clearTimeout(this.#silence);
    this.#isClosed = true;
    this.#channel.close();
    for (const { reject } of this.#expected.values()) reject(new FlowError('FLOW-CLOSED', 'The host was closed.'));
    this.#expected.clear();
  }

  #hear(notice: Notice): void {
    switch (notice.type) {
      case 'views':
        return notice.views.forEach(this.#listeners.view);
      case 'work':
        if (!this.#listeners.isExecutor()) return;
        this.#post({ type: 'alive' });
        return this.#listeners.work();
      case 'ping':
        if (this.#listeners.isExecutor()) this.#post({ type: 'alive' });
        return;
      case 'here':
        return this.#listeners.arrived();
      case 'wanted':
        return this.#listeners.wanted(notice.call);
      case 'unwanted':
        return this.#listeners.unwanted(notice);
      case 'alive':
        clearTimeout(this.#silence);
        this.#silence = undefined;
        if (notice.began) this.#listeners.began();
        return;
      case 'done':
        return this.#settle(notice);
    }
  }

  #settle({ id, error, result }: Extract<Notice, { type: 'done' }>): void {
    const waiting = this.#expected.get(id);
    this.#expected.delete(id);
    if (error)
      waiting?.reject(
        new FlowError(error.code, error.message, {}, error.details === undefined ? {} : { details: error.details }),
      );
    else waiting?.resolve(result);
  }

  #post(notice: Notice): void {
    // A step that was being stored when the host was closed has nobody to tell.
    if (this.#isClosed) return;
    try {
      this.#channel.postMessage(notice);
    } catch {
      // It is closed: this tab has nothing to say any more.
    }
  }
}

/** An error as it travels between tabs. */
export interface PlainError {
  readonly code: string;
  readonly message: string;
  readonly details?: Json;
}

export function plainError(error: unknown): PlainError {
  const { code, message, details } = error as Partial<PlainError>;
  return {
    code: code ?? 'Error',
    message: message ?? String(error),
    ...(details === undefined ? {} : { details }),
  };
}
