// The implementations of this server: the built-in ones, and those that the operator's own module exports.
import { pathToFileURL } from 'node:url';
import {
  createHttpImplementation,
  createLogImplementation,
  createRegistry,
  FlowError,
  type ImplementationFunction,
  type Registry,
} from '../../../src/index.js';
import type { Settings } from '../settings.js';

export async function loadImplementations({ http, implementations }: Settings): Promise<Registry> {
  const { allowedOrigins, baseUrl } = http;
  return createRegistry({
    http: createHttpImplementation({ allowedOrigins, ...(baseUrl === undefined ? {} : { baseUrl }) }),
    log: createLogImplementation((entry, activity) => console.info(JSON.stringify({ activity, ...entry }))),
    ...(implementations === undefined ? {} : await functionsOf(implementations)),
  });
}

async function functionsOf(path: string): Promise<Record<string, ImplementationFunction>> {
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  const functions = Object.entries(module).filter(([name]) => name !== 'default');
  for (const [name, value] of functions) {
    if (typeof value === 'function') continue;
    throw new FlowError('FLOW-SETTINGS', `${path} exports "${name}", which is no function.`);
  }
  return Object.fromEntries(functions) as Record<string, ImplementationFunction>;
}
