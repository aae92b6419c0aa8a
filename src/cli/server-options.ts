// What all commands that speak to a server have in common: where it is, and with which credentials.
import { FlowDefinitionError, FlowError } from '../index.js';
import { GatewayClient, type Credentials } from '../hosts/remote/gateway-client.js';
import { EXIT, type Command, type Output, type Values } from './command.js';

export const serverOptions: Command['options'] = {
  to: { type: 'string' },
  'api-key': { type: 'string' },
  json: { type: 'boolean' },
};

export const SERVER_USAGE = `  --to URL         the server; default: MILLRACE_SERVER
  --api-key KEY    default: MILLRACE_API_KEY, or a token in MILLRACE_TOKEN
  --json           JSON instead of text`;

export interface Server {
  readonly url: string;
  readonly credentials: Credentials;
  readonly client: GatewayClient;
}

/** Throws FlowError `CLI-USAGE` when no server is named. */
export function serverOf(values: Values, env: NodeJS.ProcessEnv = process.env): Server {
  const url = (values['to'] as string | undefined) ?? env['MILLRACE_SERVER'];
  if (url === undefined) throw new FlowError('CLI-USAGE', 'Name the server: --to URL, or MILLRACE_SERVER.');
  const apiKey = (values['api-key'] as string | undefined) ?? env['MILLRACE_API_KEY'];
  const token = env['MILLRACE_TOKEN'];
  const credentials = { ...(apiKey === undefined ? {} : { apiKey }), ...(token === undefined ? {} : { token }) };
  return { url, credentials, client: new GatewayClient(url, credentials) };
}

/**
 * The exit code of what asks a server: what it refuses, and that it cannot be reached, is told in a sentence. A definition with
 * errors is told like in the other commands.
 */
export async function asking({ err }: Output, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FlowError) || error instanceof FlowDefinitionError || error.code.startsWith('CLI-'))
      throw error;
    err(`${error.code}: ${error.message}`);
    return EXIT.refused;
  }
}

/** A line about an instance. */
export function lineOf(view: {
  readonly id: string;
  readonly flow: string;
  readonly version: string;
  readonly status: string;
  readonly key?: string;
  readonly changedAt: number;
  readonly failure?: { readonly code: string; readonly message: string };
}): string {
  const { id, flow, version, status, key, changedAt, failure } = view;
  const about = [flow, version, ...(key === undefined ? [] : [`key ${key}`])].join(' ');
  const why = failure ? `  ${failure.code}: ${failure.message}` : '';
  return `${new Date(changedAt).toISOString()}  ${status.padEnd(9)}  ${id}  ${about}${why}`;
}
