// What a scenario is, and the parts that their processes are made of.
import type { JsonObject } from '../../../../src/index.js';
import { path, script } from '../bpmn-text.js';

export interface Scenario {
  /** What happens, as a sentence. */
  readonly name: string;
  /** Contents of the process `p`. */
  readonly content: string;
  /** Elements beside it. */
  readonly roots?: string;
  readonly input?: JsonObject;
  /** Messages, and signals (`!`), that come when nothing moves; then an hour passes each time. */
  readonly send?: readonly string[];
  /** Script tasks that run. */
  readonly trace: readonly string[];
  readonly status?: 'failed';
}

/** What the definitions below refer to. */
export const ROOTS =
  '<message id="om" name="order"/><message id="m2" name="other"/><signal id="go" name="go"/><error id="err" errorCode="E1"/><error id="err2" errorCode="E2"/><escalation id="esc" escalationCode="L1"/><escalation id="esc2" escalationCode="L2"/>';
export const S = '<startEvent id="s"/>';
export const E = '<endEvent id="e"/>';
export const STAYS = 'cancelActivity="false"';
export const BESIDE = 'isInterrupting="false"';
export const COMPENSATE = '<compensateEventDefinition/>';
export const SIGNAL = '<signalEventDefinition signalRef="go"/>';
export const MESSAGE = '<messageEventDefinition messageRef="om"/>';
export const ERROR = '<errorEventDefinition errorRef="err"/>';
export const OTHER_ERROR = '<errorEventDefinition errorRef="err2"/>';
export const ESCALATION = '<escalationEventDefinition escalationRef="esc"/>';
export const OTHER_ESCALATION = '<escalationEventDefinition escalationRef="esc2"/>';
export const CANCEL = '<cancelEventDefinition/>';
export const TERMINATE = '<terminateEventDefinition/>';

export const compensationOf = (activity: string): string => `<compensateEventDefinition activityRef="${activity}"/>`;
export const condition = (text: string): string =>
  `<conditionalEventDefinition><condition>${text.replace('<', '&lt;')}</condition></conditionalEventDefinition>`;
export const timer = (duration: string): string =>
  `<timerEventDefinition><timeDuration>${duration}</timeDuration></timerEventDefinition>`;
export const gateway = (kind: string, id: string, attributes = ''): string =>
  `<${kind}Gateway id="${id}" ${attributes}/>`;
export const end = (id: string, definition = ''): string => `<endEvent id="${id}">${definition}</endEvent>`;
export const raise = (id: string, definition: string): string =>
  `<intermediateThrowEvent id="${id}">${definition}</intermediateThrowEvent>`;
export const wait = (id: string, definition: string): string =>
  `<intermediateCatchEvent id="${id}">${definition}</intermediateCatchEvent>`;
/** A boundary event of `host`. */
export const on = (id: string, host: string, definition: string, attributes = ''): string =>
  `<boundaryEvent id="${id}" attachedToRef="${host}" ${attributes}>${definition}</boundaryEvent>`;
export const sub = (id: string, content: string, attributes = '', kind = 'subProcess'): string =>
  `<${kind} id="${id}" ${attributes}>${content}</${kind}>`;
/** Its start event has the id of the sub-process with an `s` behind it. */
export const eventSub = (id: string, definition: string, content: string, attributes = ''): string =>
  `<subProcess id="${id}" triggeredByEvent="true"><startEvent id="${id}s" ${attributes}>${definition}</startEvent>${content}</subProcess>`;
/** start → parts → end, with ids that begin with `p`. */
export const chain = (p: string, ...parts: readonly string[]): string => {
  const ids = parts.map((part) => /id="([\w-]+)"/.exec(part)![1]!);
  return `<startEvent id="${p}s"/>${parts.join('')}<endEvent id="${p}e"/>${path(`${p}s`, ...ids, `${p}e`)}`;
};
/** A script task `id` with a compensation activity `u_id`. */
export const undoable = (id: string): string =>
  `${script(id)}${on(`c_${id}`, id, COMPENSATE)}${script(`u_${id}`, '', 'isForCompensation="true"')}<association id="as_${id}" sourceRef="c_${id}" targetRef="u_${id}"/>`;
export const instances = (count: number, more = '', attributes = ''): string =>
  `<multiInstanceLoopCharacteristics ${attributes}><loopCardinality>${count}</loopCardinality>${more}</multiInstanceLoopCharacteristics>`;
/** A script task in JSONata. */
export const assign = (id: string, object: string): string =>
  `<scriptTask id="${id}" scriptFormat="jsonata"><script>${object}</script></scriptTask>`;
