// How messages, signals, errors and escalations are called in the flow. Where a file draws a message flow and names no
// message, both of its ends use the message flow's own id.
import { eventDefinitionsOf, everyElement, flag, idOf, is, nameOf, one, text, type BpmnElement } from '../elements.js';

export class Messages {
  readonly #flows: readonly BpmnElement[];
  /** Start events and receive tasks that start their process. */
  readonly #starts: readonly BpmnElement[];

  constructor(root: BpmnElement) {
    const all = [...everyElement(root)];
    this.#flows = all.filter((e) => is(e, 'MessageFlow'));
    this.#starts = all.filter(
      (e) =>
        is(e.$parent, 'Process') && (is(e, 'StartEvent') || (is(e, 'ReceiveTask') && flag(e, 'instantiate') === true)),
    );
  }

  /** What starts a process by a message of that name. */
  startsByMessage(name: string): readonly BpmnElement[] {
    return this.#starts.filter((e) => {
      const message = messageOf(e);
      return message !== undefined && (nameOf(message) ?? idOf(message)) === name;
    });
  }

  startsBySignal(name: string): readonly BpmnElement[] {
    const named = (d: BpmnElement): boolean => (nameOf(one(d, 'signalRef')) ?? idOf(one(d, 'signalRef'))) === name;
    return this.#starts.filter((e) => eventDefinitionsOf(e).some((d) => is(d, 'SignalEventDefinition') && named(d)));
  }

  flowsOf(element: BpmnElement): readonly BpmnElement[] {
    return this.#flows.filter((f) => f['sourceRef'] === element || f['targetRef'] === element);
  }

  /** Undefined when the file does not say. */
  nameFor(element: BpmnElement, definition: BpmnElement = element): string | undefined {
    const own = referredMessage(element, definition);
    if (own) return nameOf(own) ?? idOf(own);
    for (const flow of this.flowsOf(element)) {
      const other = one(flow, flow['sourceRef'] === element ? 'targetRef' : 'sourceRef');
      const message = one(flow, 'messageRef') ?? (other && messageOf(other));
      const name = message ? (nameOf(message) ?? idOf(message)) : idOf(flow);
      if (name !== undefined) return name;
    }
    return undefined;
  }
}

function referredMessage(element: BpmnElement, definition: BpmnElement): BpmnElement | undefined {
  const operation = one(definition, 'operationRef') ?? one(element, 'operationRef');
  return one(definition, 'messageRef') ?? one(element, 'messageRef') ?? one(operation, 'inMessageRef');
}

function messageOf(element: BpmnElement): BpmnElement | undefined {
  const definition = eventDefinitionsOf(element).find((d) => is(d, 'MessageEventDefinition'));
  return one(element, 'messageRef') ?? one(definition, 'messageRef');
}

/** The code by which throwers and catchers of an error or escalation find each other. */
export function codeOf(definition: BpmnElement): string | undefined {
  const error = one(definition, 'errorRef');
  if (error) return text(error, 'errorCode') ?? idOf(error);
  const escalation = one(definition, 'escalationRef');
  return escalation && (text(escalation, 'escalationCode') ?? idOf(escalation));
}
