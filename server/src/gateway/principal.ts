// Who calls the gateway: found by API key or by a token of the organisation's identity provider. Roles and tenant come from
// the key's entry or the token's claims, never from the request.
import { createHash, timingSafeEqual } from 'node:crypto';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import { FlowError, type User } from '../../../src/index.js';
import { DEFAULT_TENANT, isTenant } from '../flow-service/contract.js';
import type { ApiKey, JwtSettings, Permissions, Settings } from '../settings.js';

export interface Principal extends User {
  readonly tenant: string;
  /** May act for other users. */
  readonly delegate: boolean;
  /** Epoch ms after which the token is no longer good. */
  readonly expires?: number;
}

export interface Credentials {
  readonly authorization?: string;
  readonly apiKey?: string;
}

export type Authenticate = (credentials: Credentials) => Promise<Principal>;

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Rejects with `FLOW-UNAUTHENTICATED`; with `FLOW-UNAVAILABLE` when the issuer's keys cannot be had. */
export function createAuthenticate({ auth }: Pick<Settings, 'auth'>): Authenticate {
  const byToken = auth.jwt && tokenCheck(auth.jwt);
  return async ({ authorization, apiKey }) => {
    const bearer = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    if (apiKey !== undefined) return ofKey(auth.apiKeys, apiKey);
    if (bearer !== undefined && byToken && bearer.split('.').length === 3) return byToken(bearer);
    if (bearer !== undefined) return ofKey(auth.apiKeys, bearer);
    throw unauthenticated('Send an API key (X-Api-Key) or a token (Authorization: Bearer …).');
  };
}

export function may(principal: Principal, permissions: Permissions, operation: keyof Permissions): boolean {
  return permissions[operation].some((role) => role === '*' || principal.roles.includes(role));
}

/** Throws `FLOW-FORBIDDEN`. */
export function demand(principal: Principal, permissions: Permissions, operation: keyof Permissions): void {
  if (may(principal, permissions, operation)) return;
  const roles = permissions[operation].join(', ') || 'nobody';
  throw new FlowError('FLOW-FORBIDDEN', `"${principal.id}" may not ${operation} here; these roles may: ${roles}.`);
}

function ofKey(keys: readonly ApiKey[], presented: string): Principal {
  const digest = createHash('sha256').update(presented).digest();
  // All are compared, so that the time taken does not tell how far down the list a key stands.
  const [found] = keys.filter(({ sha256 }) => {
    const expected = Buffer.from(sha256, 'hex');
    return expected.length === digest.length && timingSafeEqual(expected, digest);
  });
  if (!found) throw unauthenticated('This API key is not known here.');
  const { id, roles = [], tenant = DEFAULT_TENANT, delegate = false } = found;
  return { id, roles, tenant, delegate };
}

function tokenCheck(settings: JwtSettings): (token: string) => Promise<Principal> {
  const { issuer, audience, jwks, algorithms = ALGORITHMS } = settings;
  const keys = createRemoteJWKSet(new URL(jwks), { timeoutDuration: 5000 });
  return async (token) => {
    try {
      const requiredClaims = ['sub', 'exp'];
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: [...algorithms],
        requiredClaims,
        clockTolerance: 5,
      });
      return ofClaims(payload, settings);
    } catch (cause) {
      if (cause instanceof FlowError) throw cause;
      if (cause instanceof errors.JOSEError && !(cause instanceof errors.JWKSTimeout))
        throw unauthenticated(`This token is not accepted: ${cause.message}.`, cause);
      throw new FlowError(
        'FLOW-UNAVAILABLE',
        'The keys of the identity provider cannot be read. Try again in a moment.',
        {},
        { cause, retryable: true },
      );
    }
  };
}

function ofClaims(payload: JWTPayload, { rolesClaim = 'roles', tenantClaim }: JwtSettings): Principal {
  const roles = claim(payload, rolesClaim);
  const tenant = tenantClaim === undefined ? DEFAULT_TENANT : claim(payload, tenantClaim);
  if (!isTenant(tenant)) throw unauthenticated(`This token names no tenant in "${tenantClaim}".`);
  const name = payload['name'] ?? payload['preferred_username'];
  return {
    id: payload.sub!,
    roles: asTexts(roles),
    tenant,
    delegate: false,
    expires: payload.exp! * 1000,
    ...(typeof name === 'string' ? { name } : {}),
  };
}

function claim(payload: JWTPayload, path: string): unknown {
  // A claim may be called by a URL with dots in it.
  if (path in payload) return payload[path];
  let value: unknown = payload;
  for (const part of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[part];
  return value;
}

function asTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(/[\s,]+/).filter(Boolean);
  return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : [];
}

function unauthenticated(message: string, cause?: unknown): FlowError {
  return new FlowError('FLOW-UNAUTHENTICATED', message, {}, cause === undefined ? {} : { cause });
}
