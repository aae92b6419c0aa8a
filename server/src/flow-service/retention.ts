// Forgets finished instances when they have been kept long enough: looks them up in the read model and asks the engine, which
// then has the read model forget them too.
import { parseDuration } from '../../../src/index.js';
import type { ReadModel } from '../read-model/read-model.js';
import { INSTANCE, keyOf } from './contract.js';

export interface RetentionOptions {
  readonly model: ReadModel;
  readonly ingress: readonly string[];
  /** ISO 8601. */
  readonly retention: string;
  /** Milliseconds between two looks. Default: an hour, less when less is kept. */
  readonly every?: number;
}

const AN_HOUR = 3_600_000;
const DEFAULT = 30 * 86_400_000;

/** Gives the function that ends it. Several flow services may do it at the same time. */
export function forgetOld({ model, ingress, retention, every }: RetentionOptions): () => void {
  const kept = parseDuration(retention) ?? DEFAULT;
  const look = async (): Promise<void> => {
    for (const { tenant, id, v } of await model.endedBefore(Date.now() - kept)) {
      await fetch(`${ingress[0]}/${INSTANCE}/${encodeURIComponent(keyOf(tenant, id))}/forget/send`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ v }),
      });
    }
  };
  // What fails is looked at again next time.
  const timer = setInterval(() => void look().catch(() => {}), every ?? Math.max(1000, Math.min(AN_HOUR, kept)));
  timer.unref();
  return () => clearInterval(timer);
}
