// Keys of the states in an emitted machine.

/** Keys of the states that are not activities. No activity state has a name in parentheses. */
export const IDLE = '(idle)';
export const COMPLETED = '(completed)';
export const CANCELLED = '(cancelled)';

/** XState splits targets at dots, so a dot cannot stay in a state key. Ids have no parentheses: two ids never share a key. */
export function stateKey(id: string): string {
  return id.replaceAll('·', '(·)').replaceAll('.', '·');
}
