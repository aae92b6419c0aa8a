// What an import says about what it could not take over as it stands. Nothing is dropped in silence.
import type { FlowDefinition } from '../model/index.js';
import { idOf, kindOf, nameOf, type BpmnElement } from './elements.js';
import type { BpmnDocument } from './read-xml.js';

export interface ReportEntry {
  /** Id of the BPMN element, or of the nearest one around it that has one. */
  readonly id: string;
  /** Its BPMN type, such as `ComplexGateway`, or `camunda:inputOutput`. */
  readonly kind: string;
  readonly name?: string;
  readonly line?: number;
  /** `left out`: it has no part in the flow. `in part`: it runs, but not quite as it says. `rule`: it breaks a BPMN rule. */
  readonly outcome: 'left out' | 'in part' | 'rule';
  /** What that means for a run, in a sentence. */
  readonly consequence: string;
  /** The broken rule. */
  readonly rule?: string;
}

export interface BpmnImport {
  /** One definition per process that has something in it. The first is the one to start. */
  readonly definitions: readonly FlowDefinition[];
  readonly report: readonly ReportEntry[];
}

export class Report {
  readonly entries: ReportEntry[] = [];
  readonly #seen = new Set<string>();
  readonly #lineOf: BpmnDocument['lineOf'];

  constructor(lineOf: BpmnDocument['lineOf']) {
    this.#lineOf = lineOf;
  }

  leftOut(element: BpmnElement, consequence: string, kind?: string): void {
    this.#add(element, 'left out', consequence, kind);
  }

  inPart(element: BpmnElement, consequence: string, kind?: string): void {
    this.#add(element, 'in part', consequence, kind);
  }

  #add(element: BpmnElement, outcome: ReportEntry['outcome'], consequence: string, kind?: string): void {
    const entry = this.entryOf(element, outcome, consequence, kind);
    const key = JSON.stringify([entry.id, entry.kind, consequence]);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.entries.push(entry);
  }

  entryOf(
    element: BpmnElement,
    outcome: ReportEntry['outcome'],
    consequence: string,
    kind: string = element.$type.startsWith('bpmn:') ? kindOf(element) : element.$type,
  ): ReportEntry {
    let id: string | undefined;
    for (let e: BpmnElement | undefined = element; e && id === undefined; e = e.$parent) id = idOf(e);
    const line = this.#lineOf(element);
    const name = nameOf(element);
    return {
      id: id ?? '',
      kind,
      ...(name === undefined ? {} : { name }),
      ...(line === undefined ? {} : { line }),
      outcome,
      consequence,
    };
  }
}
