// The connectors of this server: kinds by name, and the configured ones as implementations `NAME.ACTION`.
import {
  didYouMean,
  FlowError,
  validateValue,
  type ImplementationFunction,
  type Json,
  type JsonObject,
} from '../../../src/index.js';
import type { Connected, ConnectorKind } from './connector.js';
import { isTenant } from '../flow-service/contract.js';
import { file } from './file.js';
import { graphql } from './graphql.js';
import { http } from './http.js';
import { mail } from './mail.js';
import { mqtt } from './mqtt.js';
import { script } from './script.js';
import { withSecrets } from './secrets.js';
import { sql } from './sql.js';

export const KINDS: Readonly<Record<string, ConnectorKind>> = { http, graphql, sql, mail, mqtt, file, script };

/** One entry of `connectors` in the settings: its kind, and the settings of that kind. */
export type ConnectorSettings = JsonObject & {
  readonly kind: string;
  /** Only flows of this tenant can use it, and what it brings in is for them. */
  readonly tenant?: string;
};

/** Checks the settings and connects. Throws FlowError `FLOW-SETTINGS`, `FLOW-SECRET`. */
export async function connect(
  name: string,
  { kind, tenant, ...settings }: ConnectorSettings,
  folder: string,
): Promise<Connected> {
  const found = KINDS[kind];
  if (!found) {
    const near = didYouMean(kind, Object.keys(KINDS)) ?? Object.keys(KINDS).join(', ');
    throw new FlowError('FLOW-SETTINGS', `The connector "${name}" is of no known kind "${kind}". There are: ${near}.`);
  }
  if (tenant !== undefined && !isTenant(tenant))
    throw new FlowError('FLOW-SETTINGS', `The connector "${name}": "${tenant}" is no name of a tenant.`);
  const resolved = withSecrets(settings);
  const [fault] = await validateValue(found.settings, resolved);
  if (fault) throw new FlowError('FLOW-SETTINGS', `The connector "${name}": ${fault.path} ${fault.message}`);
  return found.connect(resolved, folder);
}

/** Checks the arguments, then calls. */
export async function callAction(
  name: string,
  connected: Connected,
  action: string,
  args: JsonObject,
  context: Parameters<Connected['call']>[2],
): Promise<Json | void> {
  const [fault] = await validateValue(connected.actions[action]!.arguments, args);
  if (fault) {
    const where = fault.path === '' ? '' : ` "${fault.path}"`;
    throw new FlowError('FLOW-ARGUMENTS', `${name}.${action}:${where} ${fault.message}`, {}, { retryable: false });
  }
  return connected.call(action, args, context);
}

/** All configured connectors, by name. */
export async function connectAll(
  connectors: Readonly<Record<string, ConnectorSettings>>,
  folder: string,
): Promise<Readonly<Record<string, Connected>>> {
  const all: Record<string, Connected> = {};
  for (const [name, settings] of Object.entries(connectors)) all[name] = await connect(name, settings, folder);
  return all;
}

/** Their actions as implementations `NAME.ACTION`. */
export function connectorImplementations(
  all: Readonly<Record<string, Connected>>,
): Readonly<Record<string, ImplementationFunction>> {
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, connected]) =>
      Object.keys(connected.actions).map((action): [string, ImplementationFunction] => [
        `${name}.${action}`,
        (args, context) => callAction(name, connected, action, args, context),
      ]),
    ),
  );
}
