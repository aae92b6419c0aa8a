// What a rule of the standard is, and the facts about a file that rules ask for. In words the rules stand in `texts.ts`.
import { around, eventDefinitionsOf, everyElement, is, kindOf, many, one, type BpmnElement } from '../elements.js';
import type { BpmnDocument } from '../read-xml.js';

export interface Violation {
  readonly element: BpmnElement;
  /** What is wrong with this element, as a sentence. */
  readonly says: string;
  /** Where that is not the line of the element. */
  readonly line?: number;
}

export interface Rule {
  /** Stable: `BPMN-S02`. */
  readonly id: string;
  readonly check: (facts: Facts) => Iterable<Violation>;
  /** Only a process that says it is executable is refused for it; for others it is in the report. */
  readonly executableOnly?: boolean;
}

/** Looks at every element of the given types; `test` gives what is wrong, or nothing. */
export function rule(
  id: string,
  types: string | readonly string[],
  test: (element: BpmnElement, facts: Facts) => string | false | undefined,
): Rule {
  return {
    id,
    *check(facts) {
      for (const type of [types].flat()) {
        for (const element of facts.all(type)) {
          const says = test(element, facts);
          if (says) yield { element, says };
        }
      }
    },
  };
}

/** The same rule for executable processes; what is only drawn may be incomplete. */
export function whereExecutable(complete: Rule): Rule {
  return { ...complete, executableOnly: true };
}

export function isExecutable(element: BpmnElement): boolean {
  const process = is(element, 'Process') ? element : around(element, 'Process');
  if (process) return process['isExecutable'] === true;
  // What stands beside the processes belongs to them all.
  let root = element;
  while (root.$parent) root = root.$parent;
  return many(root, 'rootElements').some((e) => is(e, 'Process') && e['isExecutable'] === true);
}

export class Facts {
  readonly document: BpmnDocument;
  readonly elements: readonly BpmnElement[];
  readonly #byType = new Map<string, readonly BpmnElement[]>();
  readonly #having = new Map<string, ReadonlySet<BpmnElement | undefined>>();
  readonly #incoming = new Map<unknown, BpmnElement[]>();
  readonly #outgoing = new Map<unknown, BpmnElement[]>();
  #unlisted: readonly { readonly at: BpmnElement; readonly flow: BpmnElement }[] | undefined;

  constructor(document: BpmnDocument) {
    this.document = document;
    this.elements = [...everyElement(document.root)];
    for (const flow of this.all('SequenceFlow')) {
      for (const [ways, end] of [
        [this.#incoming, flow['targetRef']],
        [this.#outgoing, flow['sourceRef']],
      ] as const) {
        const found = ways.get(end);
        if (found) found.push(flow);
        else ways.set(end, [flow]);
      }
    }
  }

  all(type: string): readonly BpmnElement[] {
    let found = this.#byType.get(type);
    if (!found) this.#byType.set(type, (found = this.elements.filter((e) => is(e, type))));
    return found;
  }

  /** Whether the process or sub-process has a start (end) event of its own. */
  has(container: BpmnElement | undefined, type: 'StartEvent' | 'EndEvent'): boolean {
    let found = this.#having.get(type);
    if (!found) this.#having.set(type, (found = new Set(this.all(type).map((e) => e.$parent))));
    return found.has(container);
  }

  incoming(node: BpmnElement): readonly BpmnElement[] {
    return this.#incoming.get(node) ?? [];
  }

  outgoing(node: BpmnElement): readonly BpmnElement[] {
    return this.#outgoing.get(node) ?? [];
  }

  /** A sequence flow that the element does not list though all others of the file are listed at both of their ends. */
  unlisted(node: BpmnElement): BpmnElement | undefined {
    this.#unlisted ??= this.all('SequenceFlow').flatMap((flow) =>
      (['sourceRef outgoing', 'targetRef incoming'] as const).flatMap((ends) => {
        const [end, list] = ends.split(' ') as [string, string];
        const at = one(flow, end);
        return at && !many(at, list).includes(flow) ? [{ at, flow }] : [];
      }),
    );
    const [first, ...more] = this.#unlisted;
    return first?.at === node && more.length === 0 && this.all('SequenceFlow').length > 1 ? first.flow : undefined;
  }

  /** The pool an element belongs to: a participant, or the process when it has none. */
  poolOf(element: BpmnElement | undefined): BpmnElement | undefined {
    if (is(element, 'Participant')) return element;
    let process = element;
    while (process && !is(process, 'Process')) process = process.$parent;
    return this.all('Participant').find((p) => one(p, 'processRef') === process) ?? process;
  }

  /** Whether a reference is written in the file but leads nowhere. */
  isDangling(element: BpmnElement, property: string): boolean {
    return this.document.problems.some((p) => p.element === element && p.property === property);
  }
}

/** `['Message', 'Timer']` for an event with a message and a timer definition. */
export function eventKinds(event: BpmnElement | undefined): readonly string[] {
  return event ? eventDefinitionsOf(event).map((d) => kindOf(d).replace('EventDefinition', '')) : [];
}

export function flowNodes(container: BpmnElement | undefined): readonly BpmnElement[] {
  return many(container, 'flowElements').filter((e) => is(e, 'FlowNode'));
}
