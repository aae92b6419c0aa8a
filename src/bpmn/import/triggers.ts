// Event definitions as what an activity waits for and as what it raises. An event that does not say enough to happen on
// its own waits for a message with its id, so that a page or a test can make it happen.
import type { MessageReference, ThrowDefinition } from '../../model/index.js';
import {
  around,
  eventDefinitionsOf,
  flag,
  idOf,
  is,
  kindOf,
  many,
  nameOf,
  one,
  type BpmnElement,
} from '../elements.js';
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
      const timer = timerOf(scene, definition, repeats(event));
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

/** Whether the event happens again as long as what it belongs to lasts. */
function repeats(event: BpmnElement): boolean {
  return flag(event, 'cancelActivity') === false || flag(event, 'isInterrupting') === false;
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
  const targets = scene.messages.flowsOf(element).flatMap((flow) => one(flow, 'targetRef') ?? []);
  const name = scene.messages.nameFor(element, definition);
  const drawn = targets.length > 0 || name === undefined ? targets : scene.messages.startsByMessage(name);
  for (const target of drawn) {
    const started = startOf(scene, target);
    if (started) return started;
  }
  return { message: { name: receivedMessage(scene, element, definition).name } };
}

/** What message flows out of an activity that is no send task bring to elements of other processes which wait for it. */
export function drawnMessages(scene: Scene, activity: BpmnElement): readonly Thrown[] {
  return scene.messages.flowsOf(activity).flatMap((flow): readonly Thrown[] => {
    const target = one(flow, 'targetRef');
    if (one(flow, 'sourceRef') !== activity || !(is(target, 'Event') || is(target, 'ReceiveTask'))) return [];
    const definition = eventDefinitionsOf(target!).find((d) => is(d, 'MessageEventDefinition'));
    return [startOf(scene, target!) ?? { message: { name: receivedMessage(scene, target!, definition).name } }];
  });
}

/** The start of another process that the element is: a start event, a receive task or a gateway's event that instantiates. */
function startOf(scene: Scene, element: BpmnElement): Thrown | undefined {
  const process = around(element, 'Process');
  if (!process || element.$parent !== process || process === scene.process) return undefined;
  const at = { starts: keyOf(process), at: keyOf(element) };
  if (is(element, 'StartEvent') || flag(element, 'instantiate') === true) return at;
  const waits = many(process, 'flowElements').some(
    (flow) => one(flow, 'targetRef') === element && flag(one(flow, 'sourceRef'), 'instantiate') === true,
  );
  // It still waits for the message when the process has started.
  return waits ? { ...at, message: receivedMessage(scene, element).name } : undefined;
}

/** What one definition of a throw or end event does. */
export type Thrown =
  /** A process of the same file, its start, and the message that it waits for then. */
  | { readonly starts: string; readonly at: string; readonly message?: string }
  | { readonly message: MessageReference }
  | { readonly throw: ThrowDefinition }
  | { readonly terminate: true };

export function thrownBy(scene: Scene, event: BpmnElement, definition: BpmnElement): readonly Thrown[] {
  switch (kindOf(definition)) {
    case 'MessageEventDefinition':
      return [sent(scene, event, definition)];
    case 'SignalEventDefinition': {
      const name = signalName(scene, event, definition);
      const starts = scene.messages.startsBySignal(name).flatMap((start) => startOf(scene, start) ?? []);
      return [...starts, { message: { name, broadcast: true } }];
    }
    case 'ErrorEventDefinition':
      return [{ throw: { event: 'error', code: codeOf(definition) ?? keyOf(event) } }];
    case 'EscalationEventDefinition': {
      const code = codeOf(definition);
      return [{ throw: { event: 'escalation', ...(code === undefined ? {} : { code }) } }];
    }
    case 'CompensateEventDefinition': {
      const activity = idOf(one(definition, 'activityRef'));
      const wait = flag(definition, 'waitForCompletion') === false ? { wait: false } : {};
      return [{ throw: { event: 'compensation', ...(activity === undefined ? {} : { activity }), ...wait } }];
    }
    case 'CancelEventDefinition':
      return [{ throw: { event: 'cancel' } }];
    case 'TerminateEventDefinition':
      return [{ terminate: true }];
    default:
      return [];
  }
}
