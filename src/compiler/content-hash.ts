// A 128-bit content hash of JSON with sorted keys, synchronous and the same everywhere (cyrb128 mixing). It tells
// definitions apart and notices damage; it is not meant to withstand somebody who forges on purpose.
import type { Json } from '../model/index.js';

export function contentHash(value: unknown): string {
  const text = canonical(value as Json);
  let h1 = 1779033703;
  let h2 = 3144134277;
  let h3 = 1013904242;
  let h4 = 2773480762;
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i);
    h1 = h2 ^ Math.imul(h1 ^ k, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ k, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ k, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ k, 2716044179);
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067);
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233);
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213);
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179);
  return [h1 ^ h2 ^ h3 ^ h4, h2 ^ h1, h3 ^ h1, h4 ^ h1].map((h) => (h >>> 0).toString(16).padStart(8, '0')).join('');
}

/** JSON text with keys in order and undefined members left out. */
export function canonical(value: Json | undefined): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  // Put together in place: every step of an instance is hashed.
  let text = '';
  if (Array.isArray(value)) {
    for (const member of value as readonly Json[]) text += `${text && ','}${canonical(member)}`;
    return `[${text}]`;
  }
  const members = value as Readonly<Record<string, Json | undefined>>;
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member !== undefined) text += `${text && ','}${JSON.stringify(key)}:${canonical(member)}`;
  }
  return `{${text}}`;
}
