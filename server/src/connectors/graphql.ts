// GraphQL over HTTP: a query or a mutation with variables; the result is `data`.
import { createHttpImplementation, FlowError, type Json, type JsonObject } from '../../../src/index.js';
import { schemaOf, text, type Action, type CallContext, type Connected, type ConnectorKind } from './connector.js';

const document = schemaOf({ query: text, variables: { type: 'object' }, operationName: text }, ['query']);

export const graphql: ConnectorKind = {
  summary: 'a GraphQL API',
  settings: schemaOf({ url: text, headers: { type: 'object' } }, ['url']),
  async connect(settings) {
    return new GraphqlConnection(settings);
  },
};

class GraphqlConnection implements Connected {
  readonly actions: Readonly<Record<string, Action>> = {
    query: { summary: 'a query', effect: 'get', arguments: document },
    mutate: { summary: 'a mutation', effect: 'post', arguments: document },
  };
  readonly #url: string;
  readonly #headers: JsonObject;

  constructor(settings: JsonObject) {
    this.#url = String(settings['url']);
    this.#headers = (settings['headers'] ?? {}) as JsonObject;
  }

  async call(action: string, body: JsonObject, context: CallContext): Promise<Json> {
    const call = createHttpImplementation({ baseUrl: this.#url });
    const answer = (await call(
      { method: 'POST', url: this.#url, headers: this.#headers, body },
      {
        signal: context.signal,
        idempotencyKey: context.idempotencyKey,
        instance: '',
        flow: '',
        activity: action,
        attempt: 1,
        input: {},
      },
    )) as { body?: { data?: Json; errors?: readonly { message?: string; extensions?: { code?: string } }[] } };
    const [first] = answer.body?.errors ?? [];
    if (!first) return answer.body?.data ?? null;
    const details = JSON.parse(JSON.stringify(answer.body!.errors)) as Json;
    throw new FlowError(first.extensions?.code ?? 'GRAPHQL', first.message ?? 'The API refused it.', {}, { details });
  }

  async test(signal: AbortSignal): Promise<string> {
    const data = await this.call('query', { query: '{ __typename }' }, { signal, idempotencyKey: 'test' });
    return `answered ${JSON.stringify(data)}`;
  }

  async close(): Promise<void> {}
}
