// The operations of an OpenAPI 3 document as actions: path, query and header parameters and the body become arguments with
// their schemas, references within the document followed.
import { FlowError, type JsonSchema } from '../../../src/index.js';
import type { Action } from './connector.js';

export interface Operation {
  readonly method: string;
  /** With `{parameters}`. Without one, the call names it. */
  readonly path?: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly action: Action;
}

type Node = Readonly<Record<string, unknown>>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];
const SAFE = new Set(['get', 'head', 'options']);

/** By `operationId`, or by method and path where there is none. */
export function operationsOf(document: unknown): Readonly<Record<string, Operation>> {
  const root = document as Node | null;
  const paths = root?.['paths'] as Readonly<Record<string, Node>> | undefined;
  if (!root || !paths || !String(root['openapi'] ?? '').startsWith('3'))
    throw new FlowError('FLOW-OPENAPI', 'This is no OpenAPI 3 document: it has no "openapi": "3…" or no "paths".');
  const operations: Record<string, Operation> = {};
  for (const [path, item] of Object.entries(paths)) {
    for (const method of METHODS) {
      const operation = item[method] as Node | undefined;
      if (!operation) continue;
      const own = [...list(item['parameters']), ...list(operation['parameters'])].map((p) => follow(root, p));
      const name = String(operation['operationId'] ?? `${method} ${path}`);
      operations[name] = {
        method: method.toUpperCase(),
        path,
        parameters: own.map((p) => ({ name: String(p['name']), in: String(p['in']) })),
        action: {
          summary: String(operation['summary'] ?? operation['description'] ?? `${method.toUpperCase()} ${path}`),
          effect: SAFE.has(method) ? 'get' : 'post',
          arguments: argumentsOf(root, operation, own),
        },
      };
    }
  }
  return operations;
}

function argumentsOf(root: Node, operation: Node, parameters: readonly Node[]): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const parameter of parameters) {
    const name = String(parameter['name']);
    properties[name] = expanded(root, parameter['schema'] ?? {});
    if (parameter['required'] === true || parameter['in'] === 'path') required.push(name);
  }
  const declared = operation['requestBody'] as Node | undefined;
  const body = declared && follow(root, declared);
  if (body) {
    const content = Object.entries((body['content'] ?? {}) as Readonly<Record<string, Node>>);
    const json = content.find(([type]) => /json/.test(type))?.[1];
    properties['body'] = expanded(root, json?.['schema'] ?? {});
    if (body['required'] === true) required.push('body');
  }
  return { type: 'object', properties, required, additionalProperties: false };
}

/** A schema without references; one that contains itself is left open from there on. */
function expanded(root: Node, schema: unknown, around: readonly string[] = []): JsonSchema {
  if (typeof schema !== 'object' || schema === null) return schema as JsonSchema;
  if (Array.isArray(schema)) return schema.map((one) => expanded(root, one, around)) as unknown as JsonSchema;
  const reference = (schema as Node)['$ref'];
  if (typeof reference === 'string') {
    if (around.includes(reference)) return {};
    return expanded(root, follow(root, schema as Node), [...around, reference]);
  }
  return Object.fromEntries(
    Object.entries(schema as Node).map(([key, value]) => [
      key,
      key === 'enum' || key === 'example' ? value : expanded(root, value, around),
    ]),
  );
}

function follow(root: Node, node: Node): Node {
  const reference = node['$ref'];
  if (typeof reference !== 'string') return node;
  if (!reference.startsWith('#/'))
    throw new FlowError('FLOW-OPENAPI', `The reference ${reference} leads out of the document; bundle it first.`);
  let found: unknown = root;
  for (const part of reference.slice(2).split('/'))
    found = (found as Node | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  if (found === undefined) throw new FlowError('FLOW-OPENAPI', `The reference ${reference} leads nowhere.`);
  return follow(root, found as Node);
}

function list(value: unknown): readonly Node[] {
  return Array.isArray(value) ? (value as Node[]) : [];
}
