// Encryption at rest: AES-GCM with a key that the page supplies. Of each row only what the stores find it by stays readable;
// the rest is sealed, and bound to its place, so that a row moved to another place does not open.
import { wrongKey } from './unsealed.js';

/** Names of stores with data in them, and what of their rows stays readable. */
const READABLE = {
  definitions: ['hash'],
  instances: [
    'id',
    'flow',
    'hash',
    'status',
    'rows',
    'lastHash',
    'firstRow',
    'open',
    'busy',
    'wakeAt',
    'awaits',
    'key',
  ],
  summaries: ['seq', 'count', 'gone', 'size'],
  journal: ['id', 'row', 'at', 'epoch', 'previous', 'hash'],
  inbox: ['seq', 'id', 'at', 'type', 'hash'],
  signals: ['seq', 'at'],
  schedules: ['name', 'hash', 'createdAt', 'next', 'last', 'started'],
} as const;

export type SealedStore = keyof typeof READABLE;

interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

export class Vault {
  readonly #key: CryptoKey;

  constructor(key: CryptoKey) {
    this.#key = key;
  }

  async seal<Row extends object>(store: SealedStore, row: Row): Promise<Row> {
    const readable = new Set<string>(READABLE[store]);
    const isReadable = ([name]: [string, unknown]): boolean => readable.has(name);
    const all = Object.entries(row);
    const clear = Object.fromEntries(all.filter(isReadable));
    const secret = Object.fromEntries(all.filter((entry) => !isReadable(entry)));
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(secret));
    const data = await crypto.subtle.encrypt(this.#how(iv, store, clear), this.#key, text);
    return { ...clear, sealed: { iv, data } } as unknown as Row;
  }

  /** A row from before there was a key is given back as it is. */
  async open<Row extends object>(store: SealedStore, row: Row): Promise<Row> {
    const { sealed, ...clear } = row as Row & { readonly sealed?: Sealed };
    if (!sealed) return row;
    try {
      const text = await crypto.subtle.decrypt(this.#how(sealed.iv, store, clear), this.#key, sealed.data);
      return { ...clear, ...(JSON.parse(new TextDecoder().decode(text)) as object) } as Row;
    } catch (cause) {
      throw wrongKey(cause);
    }
  }

  #how(iv: Uint8Array<ArrayBuffer>, store: SealedStore, clear: object): AesGcmParams {
    const { id, row, hash, name, seq } = clear as Readonly<Record<string, unknown>>;
    const place = JSON.stringify([store, id, row, store === 'definitions' ? hash : store === 'summaries' ? seq : name]);
    return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(place) };
  }
}
