// Event definitions as what an activity waits for and as what it raises. An event that does not say enough to happen on
// its own waits for a message with its id, so that a page or a test can make it happen.
import type { MessageReference, ThrowDefinition } from '../../model/index.js';
import { around, eventDefinitionsOf, flag, idOf, is, kindOf, nameOf, one, type BpmnElement } from '../elements.js';
import { codeOf } from './messages.js';
import { timerOf, type TimerTrigger } from './timers.js';
import { bodyOf, expressionIn, expressionOf, keyOf, type Scene } from './scene.js';
import { plain } from './vendor.js';

export type Trigger =
  | ({ readonly event: 'timer' } & TimerTrigger)
  | { readonly event: 'message'; readonly message: MessageReference }
  | { readonly event: 'condition'; readonly condition: string }
  | { readonly event: 'error'; readonly code?: string }
  | { readonly event: 'escalation'; readonly code?: string }
  | { readonly event: 'cancel' };

export function triggerOf(scene: Scene, event: BpmnElement, definition: BpmnElement): Trigger | undefined {
  const byHand = (what: string): Trigger => {
    scene.report.inPart(
      event,
      `${what}; it happens when a message named "${keyOf(event)}" is sent.`,
      kindOf(definition),
    );
    return { event: 'message', message: { name: keyOf(event) } };
  };
  switch (kindOf(definition)) {
    case 'TimerEventDefinition': {
      const timer = timerOf(scene, definition);
      return timer
        ? { event: 'timer', ...timer }
        : byHand('It does not say, in a way that is understood, when it happens');
    }
    case 'MessageEventDefinition':
      return { event: 'message', message: receivedMessage(scene, event, definition) };
    case 'SignalEventDefinition':
      return { event: 'message', message: { name: signalName(scene, event, definition), broadcast: true } };
    case 'ConditionalEventDefinition': {
      const condition = expressionOf(scene, one(definition, 'condition'), { names: true });
      if (condition !== undefined) return { event: 'condition', condition };
      const body = bodyOf(one(definition, 'condition'));
      return byHand(body === undefined ? 'It has no condition' : `Its condition cannot be evaluated: ${body}`);
    }
    case 'ErrorEventDefinition':
      return withCode('error', codeOf(definition));
    case 'EscalationEventDefinition':
      return withCode('escalation', codeOf(definition));
    case 'CancelEventDefinition':
      return { event: 'cancel' };
    default:
      return undefined;
  }
}

function withCode(event: 'error' | 'escalation', code: string | undefined): Trigger {
  return { event, ...(code === undefined ? {} : { code }) };
}

export function receivedMessage(scene: Scene, element: BpmnElement, definition?: BpmnElement): MessageReference {
  const name = scene.messages.nameFor(element, definition);
  if (name === undefined)
    scene.report.inPart(
      element,
      `It names no message; its message is called "${keyOf(element)}" after it.`,
      'messageRef',
    );
  const message = one(definition, 'messageRef') ?? one(element, 'messageRef');
  const subscription = scene.vendors.child(message, 'zeebe', 'subscription');
  const key = expressionIn(scene, plain(subscription, 'correlationKey'), { names: true });
  return { name: name ?? keyOf(element), ...(key === undefined ? {} : { key }) };
}

export function signalName(scene: Scene, event: BpmnElement, definition: BpmnElement): string {
  const signal = one(definition, 'signalRef');
  const name = nameOf(signal) ?? idOf(signal);
  if (name !== undefined) return name;
  const own = nameOf(event) ?? keyOf(event);
  scene.report.inPart(event, `It names no signal; its signal is called "${own}" after it.`, 'signalRef');
  return own;
}

/** A message to another process of the file that starts with it starts that process; any other is sent. */
export function sent(scene: Scene, element: BpmnElement, definition?: BpmnElement): Thrown {
  for (const flow of scene.messages.flowsOf(element)) {
    const start = one(flow, 'targetRef');
    const process = start && around(start, 'Process');
    if (!is(start, 'StartEvent') || !process || start?.$parent !== process || process === scene.process) continue;
    return { starts: keyOf(process), at: keyOf(start) };
  }
  return { message: { name: receivedMessage(scene, element, definition).name } };
}

/** What one definition of a throw or end event does. */
export type Thrown =
  /** A process of the same file, and its start event. */
  | { readonly starts: string; readonly at: string }
  | { readonly message: MessageReference }
  | { readonly throw: ThrowDefinition }
  | { readonly terminate: true };

export function thrownBy(scene: Scene, event: BpmnElement, definition: BpmnElement): Thrown | undefined {
  switch (kindOf(definition)) {
    case 'MessageEventDefinition':
      return sent(scene, event, definition);
    case 'SignalEventDefinition':
      return { message: { name: signalName(scene, event, definition), broadcast: true } };
    case 'ErrorEventDefinition':
      return { throw: { event: 'error', code: codeOf(definition) ?? keyOf(event) } };
    case 'EscalationEventDefinition': {
      const code = codeOf(definition);
      return { throw: { event: 'escalation', ...(code === undefined ? {} : { code }) } };
    }
    case 'CompensateEventDefinition': {
      const activity = idOf(one(definition, 'activityRef'));
      if (flag(definition, 'waitForCompletion') === false)
        scene.report.inPart(event, 'It goes on only when the compensation is done, although it says not to wait.');
      return { throw: { event: 'compensation', ...(activity === undefined ? {} : { activity }) } };
    }
    case 'CancelEventDefinition':
      return { throw: { event: 'cancel' } };
    case 'TerminateEventDefinition':
      return { terminate: true };
    default:
      return undefined;
  }
}

export function hasDefinition(event: BpmnElement, type: string): boolean {
  return eventDefinitionsOf(event).some((d) => is(d, type));
}
