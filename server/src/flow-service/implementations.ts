// The implementations of this server: the built-in ones, the configured connectors, and those that the operator's own module exports.
import { pathToFileURL } from 'node:url';
import {
  createHttpImplementation,
  createLogImplementation,
  createRegistry,
  FlowError,
  type Implementations,
  type Registry,
} from '../../../src/index.js';
import type { Connected } from '../connectors/connector.js';
import { connectorImplementations } from '../connectors/connectors.js';
import type { Settings } from '../settings.js';

/** What the flows of a tenant can call: a connector of another tenant does not exist for them. */
export async function loadImplementations(
  settings: Settings,
  connectors: Readonly<Record<string, Connected>>,
): Promise<(tenant: string) => Registry> {
  const { implementations } = settings;
  const { allowedOrigins, baseUrl } = settings.http;
  const shared: Implementations = {
    http: createHttpImplementation({ allowedOrigins, ...(baseUrl === undefined ? {} : { baseUrl }) }),
    log: createLogImplementation((entry, activity) => console.info(JSON.stringify({ activity, ...entry }))),
  };
  const functions = implementations === undefined ? {} : await functionsOf(implementations);
  return (tenant) => {
    const own = Object.entries(connectors).filter(([name]) => {
      const only = settings.connectors[name]?.tenant;
      return only === undefined || only === tenant;
    });
    return createRegistry({ ...shared, ...connectorImplementations(Object.fromEntries(own)), ...functions });
  };
}

async function functionsOf(path: string): Promise<Implementations> {
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  const exported = Object.entries(module).filter(([name]) => name !== 'default');
  for (const [name, value] of exported) {
    const isTransactional = typeof (value as { prepare?: unknown } | null)?.prepare === 'function';
    if (typeof value === 'function' || isTransactional) continue;
    throw new FlowError(
      'FLOW-SETTINGS',
      `${path} exports "${name}", which is neither a function nor an object with "prepare", "commit" and "rollback".`,
    );
  }
  return Object.fromEntries(exported) as Implementations;
}
