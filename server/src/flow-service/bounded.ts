// Results that the engine could not carry become failures that say so.
import type { InstanceMessage } from '../../../src/index.js';

/** Longest result, in characters of JSON: the engine carries no message above 32 MiB. */
const LONGEST_RESULT = 12_000_000;

export function bounded(message: InstanceMessage): InstanceMessage {
  if (message.type !== 'result' || message.output === undefined) return message;
  const { length } = JSON.stringify(message.output);
  if (length <= LONGEST_RESULT) return message;
  const text = `The result has ${length} characters; at most ${LONGEST_RESULT} can be kept. Select what the flow needs.`;
  const { token, attempt } = message;
  const failure = { code: 'FLOW-RESULT-TOO-LARGE', message: text, retryable: false };
  return { type: 'failure', token, ...(attempt === undefined ? {} : { attempt }), failure };
}
