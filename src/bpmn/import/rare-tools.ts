// What the rare parts of an import use of the others. It is handed to them, so that they are one chunk of their own.
import type { eventDefinitionsOf, flag, many, one, text } from '../elements.js';
import type { raise } from './events.js';
import type { isEventSubProcess } from './graph.js';
import type { bodyOf, expressionOf, keyOf } from './scene.js';
import type { thrownBy } from './triggers.js';

export interface RareTools {
  readonly bodyOf: typeof bodyOf;
  readonly eventDefinitionsOf: typeof eventDefinitionsOf;
  readonly expressionOf: typeof expressionOf;
  readonly flag: typeof flag;
  readonly isEventSubProcess: typeof isEventSubProcess;
  readonly keyOf: typeof keyOf;
  readonly many: typeof many;
  readonly one: typeof one;
  readonly raise: typeof raise;
  readonly text: typeof text;
  readonly thrownBy: typeof thrownBy;
}

export let use: RareTools;

export function useTools(tools: RareTools): void {
  use = tools;
}
