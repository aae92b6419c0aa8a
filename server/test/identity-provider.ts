// An identity provider for tests: signs tokens and publishes its public keys.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

export interface IdentityProvider {
  readonly issuer: string;
  readonly jwks: string;
  /** A token for an hour; what is given replaces the defaults. */
  token(claims: JWTPayload & { readonly sub: string }, more?: { expires?: number; key?: CryptoKey }): Promise<string>;
  close(): void;
}

export const AUDIENCE = 'millrace';

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' };
  const server: Server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    jwks: `${issuer}/keys`,
    async token(claims, { expires = 3600, key = privateKey } = {}) {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ iss: issuer, aud: AUDIENCE, iat: now, exp: now + expires, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'test' })
        .sign(key);
    },
    close: () => void server.close(),
  };
}
