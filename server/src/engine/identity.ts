// The key with which the engine signs what it asks of the flow service, so that nobody else on the machine can pass for it.
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface EngineIdentity {
  /** File of the private key, PEM. */
  readonly file: string;
  /** As the engine's SDK writes it: `publickeyv1_…`. */
  readonly publicKey: string;
}

/** The key in the data folder, made at the first start and readable by its owner only. */
export function engineIdentity(folder: string): EngineIdentity {
  const file = join(folder, 'engine-identity.pem');
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  }
  const { x } = createPublicKey(createPrivateKey(readFileSync(file))).export({ format: 'jwk' });
  return { file, publicKey: `publickeyv1_${base58(Buffer.from(x!, 'base64url'))}` };
}

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function base58(bytes: Buffer): string {
  let text = '';
  for (let number = BigInt(`0x${bytes.toString('hex')}`); number > 0n; number /= 58n)
    text = ALPHABET[Number(number % 58n)]! + text;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return '1'.repeat(Math.max(0, zeros)) + text;
}
