// What a connector is: a kind of outside system, with the settings it needs and the actions it offers. A configured one
// appears to flows as implementations `NAME.ACTION`.
import type { InvocationContext, Json, JsonObject, JsonSchema } from '../../../src/index.js';

export interface Action {
  readonly summary: string;
  /** JSON Schema of the arguments; checked before every call. */
  readonly arguments: JsonSchema;
  /** `get` changes nothing outside; `post` may, and is given the idempotency key. */
  readonly effect: 'get' | 'post';
}

/** What a call of an action knows besides its arguments. */
export type CallContext = Pick<InvocationContext, 'signal' | 'idempotencyKey'>;

/** What comes in from outside: a message for whoever waits for it, or the start of a flow. */
export type Incoming = (
  | { readonly message: string; readonly key?: string; readonly data: Json }
  | { readonly flow: string; readonly input: JsonObject }
) & {
  /** The same id is one message. */
  readonly id?: string;
  /** Whose flows it is for. Default: the tenant of the connector. */
  readonly tenant?: string;
};

/** A connector with its settings. Holds connections; opened when first used. */
export interface Connected {
  readonly actions: Readonly<Record<string, Action>>;
  /** Rejects with a FlowError that says whether another try may help. */
  call(action: string, args: JsonObject, context: CallContext): Promise<Json | void>;
  /**
   * Brings in what the settings ask for, until it is closed. `deliver` resolves when the server has it for good; only then may
   * the other side forget it.
   */
  listen?(deliver: (incoming: Incoming) => Promise<void>): Promise<void>;
  /** Reaches the other side and changes nothing; rejects with what is wrong. */
  test(signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

export interface ConnectorKind {
  readonly summary: string;
  /** JSON Schema of the settings. Where it says `secret`, `{ "secret": "NAME" }` stands for an environment variable. */
  readonly settings: JsonSchema;
  /** `folder`: what relative paths in the settings are relative to. */
  connect(settings: JsonObject, folder: string): Promise<Connected>;
}

export const text: JsonSchema = { type: 'string' };

export function schemaOf(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): JsonSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}
