// The end of an instance as its hosts ask for it.
import type { InstanceMessage } from '../engine/index.js';

export function cancelMessage(reason: string | undefined, by: string | undefined): InstanceMessage {
  return { type: 'cancel', ...(reason === undefined ? {} : { reason }), ...(by === undefined ? {} : { by }) };
}
