// What a construct is, and the parts that their processes are made of.
import type { JsonObject } from '../../../../src/index.js';
import { flow, path, script } from '../bpmn-text.js';

export interface Construct {
  readonly group: string;
  readonly name: string;
  /** Contents of the process `p`. */
  readonly content: string;
  /** Elements beside the process. */
  readonly roots?: string;
  readonly input?: JsonObject;
  /** Script tasks that run, in the order of their ids; parallel order is free. */
  readonly trace: readonly string[];
  readonly status?: 'completed' | 'failed';
  /** Names of messages sent from outside when nothing moves, one after the other. */
  readonly send?: readonly string[];
  /** Added to the table. */
  readonly note?: string;
}

export const S = '<startEvent id="s"/>';
export const E = '<endEvent id="e"/>';
export const SIGNAL = '<signal id="go" name="go"/>';
export const MESSAGE = '<message id="m" name="order"/>';
export const ERROR = '<error id="err" name="Broken" errorCode="E1"/>';
export const ESCALATION = '<escalation id="esc" name="Late" escalationCode="L1"/>';

export const gateway = (kind: string, id: string, attributes = ''): string =>
  `<${kind}Gateway id="${id}" ${attributes}/>`;
/** start → split → a, b, c → join → z → end, with conditions for the three. */
export const split = (
  kind: string,
  conditions: readonly (string | undefined)[],
  join = kind,
  attributes = '',
): string =>
  `${S}${gateway(kind, 'g', attributes)}${script('a')}${script('b')}${gateway(join, 'j')}${script('z')}${E}${flow('s', 'g')}${flow('g', 'a', conditions[0])}${flow('g', 'b', conditions[1])}${path('a', 'j')}${path('b', 'j', 'z', 'e')}`;
/** A task with a boundary event; `x` is behind the event. */
export const boundary = (host: string, definition: string, attributes = ''): string =>
  `${S}${host}${script('b')}<boundaryEvent id="v" attachedToRef="h" ${attributes}>${definition}</boundaryEvent>${script('x')}${E}<endEvent id="e2"/>${path('s', 'h', 'b', 'e')}${path('v', 'x', 'e2')}`;
export const sub = (content: string, attributes = '', kind = 'subProcess'): string =>
  `<${kind} id="h" ${attributes}>${content}</${kind}>`;
export const inner = (...content: readonly string[]): string => {
  const ids = content.map((c) => /id="(\w+)"/.exec(c)![1]!);
  return `<startEvent id="s2"/>${content.join('')}<endEvent id="e3"/>${path('s2', ...ids, 'e3')}`;
};
export const end = (id: string, definition: string): string => `<endEvent id="${id}">${definition}</endEvent>`;
export const eventSub = (definition: string, attributes = '', content = script('x')): string =>
  `<subProcess id="es" triggeredByEvent="true"><startEvent id="s9" ${attributes}>${definition}</startEvent>${content}<endEvent id="e9"/>${path('s9', 'x', 'e9')}</subProcess>`;
export const timer = (duration: string): string =>
  `<timerEventDefinition><timeDuration>${duration}</timeDuration></timerEventDefinition>`;
export const wait = (id: string, definition: string): string =>
  `<intermediateCatchEvent id="${id}">${definition}</intermediateCatchEvent>`;
export const raise = (id: string, definition: string): string =>
  `<intermediateThrowEvent id="${id}">${definition}</intermediateThrowEvent>`;
export const undoable = (id: string): string =>
  `${script(id)}<boundaryEvent id="c_${id}" attachedToRef="${id}"><compensateEventDefinition/></boundaryEvent>${script(`undo_${id}`, '', 'isForCompensation="true"')}<association id="as_${id}" sourceRef="c_${id}" targetRef="undo_${id}"/>`;
export const line = (...parts: readonly string[]): string => {
  const ids = parts.map((c) => /id="(\w+)"/.exec(c)![1]!);
  return `${S}${parts.join('')}${E}${path('s', ...ids, 'e')}`;
};

export const compensate = '<compensateEventDefinition/>';
export const signal = '<signalEventDefinition signalRef="go"/>';
export const message = '<messageEventDefinition messageRef="m"/>';
export const error = '<errorEventDefinition errorRef="err"/>';
export const escalate = '<escalationEventDefinition escalationRef="esc"/>';
