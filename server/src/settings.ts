// The server's settings: a JSON file (MILLRACE_CONFIG, else `server.json` in the data folder) over defaults that run
// everything on loopback. Secrets are not in here: connectors refer to environment variables by name.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FlowError } from '../../src/index.js';
import type { ConnectorSettings } from './connectors/connectors.js';

export interface ApiKey {
  /** Names the caller in logs and as the user. */
  readonly id: string;
  /** SHA-256 of the key, hexadecimal; the key itself is kept nowhere. */
  readonly sha256: string;
  readonly tenant?: string;
  readonly roles?: readonly string[];
  /** May act for other users: a trusted backend that has checked them itself. */
  readonly delegate?: boolean;
}

export interface JwtSettings {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer's public keys are. */
  readonly jwks: string;
  /** Path of the claim with the roles, e.g. `realm_access.roles`. Default `roles`. */
  readonly rolesClaim?: string;
  /** Path of the claim that names the tenant. Without it everybody is in the tenant `default`. */
  readonly tenantClaim?: string;
  readonly algorithms?: readonly string[];
}

/** Roles that may do an operation; `*` stands for everybody who is signed in. */
export interface Permissions {
  readonly deploy: readonly string[];
  readonly start: readonly string[];
  readonly signal: readonly string[];
  /** Read all instances of the tenant; others see what they started, and their tasks. */
  readonly read: readonly string[];
  /** Retry, skip, schedule, and cancel what somebody else started. */
  readonly operate: readonly string[];
}

export interface Settings {
  /** Folder of everything that is kept. */
  readonly data: string;
  readonly gateway: { readonly host: string; readonly port: number };
  readonly engine: {
    /** False: it is run by somebody else, as in a cluster. */
    readonly start: boolean;
    /** Ports of the engine that `npm run server` starts, all on loopback. */
    readonly ports: { readonly ingress: number; readonly admin: number; readonly node: number };
    /** Where the engine's ingress is; several addresses of a cluster are tried in turn. */
    readonly ingress: readonly string[];
    readonly admin: string;
    /** Public key of its signature; the flow service answers nobody else then. `npm run server` makes one. */
    readonly publicKey?: string;
  };
  readonly flowService: {
    readonly port: number;
    /** How the engine reaches it. */
    readonly url: string;
    /** False: there are several behind that address. Default true. */
    readonly alone: boolean;
  };
  /** `sqlite:PATH` or `postgres://…`. */
  readonly database: string;
  readonly auth: { readonly apiKeys: readonly ApiKey[]; readonly jwt?: JwtSettings };
  readonly permissions: Permissions;
  /** Origins of pages that may call the gateway. */
  readonly cors: readonly string[];
  readonly limits: { readonly bodyBytes: number; readonly requestsPerMinute: number };
  /** Module whose exports are implementations by name. */
  readonly implementations?: string;
  readonly http: { readonly allowedOrigins: readonly string[]; readonly baseUrl?: string };
  /** Outside systems by name; see docs/connectors.md. */
  readonly connectors: Readonly<Record<string, ConnectorSettings>>;
  /** What relative paths are relative to: the folder of the settings file. */
  readonly folder: string;
  /** How long finished instances are kept. */
  readonly retention: string;
  readonly logLevel: string;
  /** Where traces of all turns and activities go: OpenTelemetry over gRPC, e.g. `http://localhost:4317`. */
  readonly tracing?: string;
}

type Partially<T> = {
  readonly [K in keyof T]?: T[K] extends readonly unknown[] | string | number | boolean ? T[K] : Partially<T[K]>;
};
export type SettingsFile = Partially<Omit<Settings, 'connectors'>> & Partial<Pick<Settings, 'connectors'>>;

const DATA = '.millrace';

/** Reads the settings. `overrides` win over the file. */
export function readSettings(overrides: SettingsFile = {}, env: NodeJS.ProcessEnv = process.env): Settings {
  const named = overrides.data ?? env['MILLRACE_DATA'];
  const path = resolve(env['MILLRACE_CONFIG'] ?? join(named ?? DATA, 'server.json'));
  const file = { ...read(path, env['MILLRACE_CONFIG'] !== undefined), ...overrides };
  const data =
    named === undefined && file.data !== undefined ? resolve(dirname(path), file.data) : resolve(named ?? DATA);
  const ports = { ingress: 8480, admin: 9470, node: 5522, ...file.engine?.ports };
  const servicePort = file.flowService?.port ?? 9480;
  const auth = { apiKeys: [], ...file.auth } as Settings['auth'];
  return {
    data,
    gateway: { host: '127.0.0.1', port: Number(env['PORT'] ?? 5480), ...file.gateway },
    engine: {
      start: file.engine?.start ?? true,
      ports,
      ingress: file.engine?.ingress ?? [`http://127.0.0.1:${ports.ingress}`],
      admin: file.engine?.admin ?? `http://127.0.0.1:${ports.admin}`,
      ...(file.engine?.publicKey === undefined ? {} : { publicKey: file.engine.publicKey }),
    },
    flowService: {
      port: servicePort,
      url: file.flowService?.url ?? `http://127.0.0.1:${servicePort}`,
      alone: file.flowService?.alone ?? true,
    },
    database: file.database ?? env['MILLRACE_DATABASE'] ?? `sqlite:${join(data, 'read-model.db')}`,
    auth,
    permissions: {
      deploy: ['operator'],
      start: ['*'],
      signal: ['*'],
      read: ['operator'],
      operate: ['operator'],
      ...file.permissions,
    },
    cors: file.cors ?? [],
    limits: { bodyBytes: 1_048_576, requestsPerMinute: 1200, ...file.limits },
    ...(file.implementations === undefined ? {} : { implementations: resolve(dirname(path), file.implementations) }),
    http: { allowedOrigins: [], ...file.http },
    connectors: file.connectors ?? {},
    folder: file.folder ?? dirname(path),
    retention: file.retention ?? 'P30D',
    ...(file.tracing === undefined ? {} : { tracing: file.tracing }),
    logLevel: file.logLevel ?? env['LOG_LEVEL'] ?? 'info',
  };
}

/**
 * The settings with a key to call the gateway with, when none says who may: made at the first start, kept in the data
 * folder, readable by its owner only.
 */
export function withFirstKey(settings: Settings): { readonly settings: Settings; readonly key?: string } {
  if (settings.auth.apiKeys.length > 0 || settings.auth.jwt) return { settings };
  const path = join(settings.data, 'api-key');
  mkdirSync(settings.data, { recursive: true });
  if (!existsSync(path)) writeFileSync(path, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  const key = readFileSync(path, 'utf8').trim();
  const first: ApiKey = { id: 'first-key', sha256: sha256(key), roles: ['operator'], delegate: true };
  return { settings: { ...settings, auth: { ...settings.auth, apiKeys: [first] } }, key };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function read(path: string, required: boolean): SettingsFile {
  if (!existsSync(path)) {
    if (required) throw new FlowError('FLOW-SETTINGS', `There are no settings at ${path}; correct MILLRACE_CONFIG.`);
    return {};
  }
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as SettingsFile;
  } catch (cause) {
    throw new FlowError('FLOW-SETTINGS', `${path} is no JSON: ${(cause as Error).message}`, {}, { cause });
  }
}
