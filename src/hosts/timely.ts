// Somebody acts on what has been seen of an instance. Late answers are harmless and ignored; a late intervention is refused, or
// whoever made it would believe that it was done.
import { accepts, type FlowState, type InstanceMessage } from '../engine/index.js';
import { FlowError } from '../model/index.js';

/** Throws FlowError `FLOW-STALE` for what would do nothing any more. */
export function timely(state: FlowState, message: InstanceMessage): InstanceMessage {
  if (!['retry', 'skip', 'edit'].includes(message.type) || accepts(state, message)) return message;
  throw new FlowError('FLOW-STALE', 'The instance has gone on meanwhile. Reload it.', { instance: state.instance });
}
