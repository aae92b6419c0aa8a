// The BPMN tree that an export builds: elements by their ids in the flow, containers, and ids that XML allows.
import type { ActivityDefinition, ConnectorDefinition, FlowDefinition, SubflowDefinition } from '../../model/index.js';
import type { BpmnElement } from '../elements.js';
import { MILLRACE } from '../import/vendor.js';
import type { Moddle } from './read-original.js';

export type Mutable = BpmnElement & { [member: string]: unknown };

/** Where a connector starts: an activity, and one of its boundary events. */
export interface Source {
  readonly activity: string;
  readonly boundary?: string;
}

export class ExportDraft {
  readonly moddle: Moddle;
  readonly flow: FlowDefinition;
  readonly process: Mutable;
  /** Messages, signals, errors: what stands beside the process. */
  readonly roots: Mutable[] = [];
  /** Elements by activity id, and boundary events by `activity.boundary`. */
  readonly elements = new Map<string, Mutable>();
  /** Sequence flows by connector id. */
  readonly flows = new Map<string, Mutable>();
  readonly #taken: Set<string>;
  readonly #shared: Map<string, Mutable>;
  readonly #parents = new Map<string, string>();

  constructor(moddle: Moddle, flow: FlowDefinition, taken: Set<string>, shared: Map<string, Mutable>) {
    this.moddle = moddle;
    this.flow = flow;
    this.#taken = taken;
    this.#shared = shared;
    for (const [id, { activities }] of Object.entries(flow.subflows ?? {}))
      for (const member of activities) this.#parents.set(member, id);
    this.process = this.create('bpmn:Process', flow.flow, { isExecutable: true });
    if (flow.title !== undefined) this.process['name'] = flow.title;
  }

  /** An element with an id that is unique in the file; where that is not the flow's own, the flow's id rides along. */
  create(type: string, id: string, members: Readonly<Record<string, unknown>> = {}): Mutable {
    const xmlId = this.#freeId(id);
    const element = this.moddle.create(type, { id: xmlId, ...members }) as Mutable;
    if (xmlId !== id) (element as { $attrs: Record<string, string> }).$attrs['millrace:id'] = id;
    return element;
  }

  /** An element without an id: an event definition, an expression. */
  part(type: string, members: Readonly<Record<string, unknown>> = {}): Mutable {
    return this.moddle.create(type, members) as Mutable;
  }

  expression(body: string, language?: string): Mutable {
    return this.part('bpmn:FormalExpression', { body, ...(language === undefined ? {} : { language }) });
  }

  /** A message, signal, error or escalation, once per name. */
  shared(type: string, name: string, members: Readonly<Record<string, unknown>>): Mutable {
    const key = `${type} ${name}`;
    let found = this.#shared.get(key);
    if (!found) {
      found = this.moddle.create(type, {
        id: this.#freeId(`${type.slice('bpmn:'.length)}_${name}`),
        ...members,
      }) as Mutable;
      this.#shared.set(key, found);
      this.roots.push(found);
    }
    return found;
  }

  /** JSON of ours in the extension elements. */
  attach(element: Mutable, name: string, value: unknown): void {
    const own = this.moddle.createAny(`millrace:${name}`, MILLRACE, { $body: JSON.stringify(value) }) as Mutable;
    const extension =
      (element['extensionElements'] as Mutable | undefined) ?? this.part('bpmn:ExtensionElements', { values: [] });
    element['extensionElements'] = extension;
    (own as { $parent?: unknown }).$parent = extension;
    (extension['values'] as unknown[]).push(own);
  }

  put(element: Mutable, container: Mutable, member = 'flowElements'): void {
    const list = (container as unknown as { get(name: string): unknown[] }).get(member);
    list.push(element);
    (element as { $parent?: unknown }).$parent = container;
  }

  /** Id of the subflow that an activity or subflow lies in; `""` for the flow itself. */
  parentOf(id: string): string {
    return this.#parents.get(id) ?? '';
  }

  containerOf(id: string): Mutable {
    const parent = this.parentOf(id);
    return parent === '' ? this.process : (this.elements.get(parent) ?? this.process);
  }

  activity(id: string): ActivityDefinition | undefined {
    return this.flow.activities.find((a) => a.id === id);
  }

  subflow(id: string): SubflowDefinition | undefined {
    return this.flow.subflows && Object.hasOwn(this.flow.subflows, id) ? this.flow.subflows[id] : undefined;
  }

  sourceOf({ from }: ConnectorDefinition): Source {
    if (this.activity(from) || this.subflow(from)) return { activity: from };
    const known = [...this.flow.activities.map((a) => a.id), ...Object.keys(this.flow.subflows ?? {})];
    const activity = known.filter((id) => from.startsWith(`${id}.`)).sort((a, b) => b.length - a.length)[0];
    return activity === undefined ? { activity: from } : { activity, boundary: from.slice(activity.length + 1) };
  }

  #freeId(wanted: string): string {
    const base = wanted.replaceAll(/[^\w.-]/g, '_').replace(/^(?![A-Za-z_])/, '_');
    let id = base;
    for (let n = 2; this.#taken.has(id); n++) id = `${base}_${n}`;
    this.#taken.add(id);
    return id;
  }
}
