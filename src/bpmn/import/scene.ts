// What every part of an import needs: the document, the report, the names of messages, the draft of the flow being made.
import type {
  ActivityDefinition,
  BoundaryEventDefinition,
  ConnectorDefinition,
  Json,
  LoopDefinition,
  RoleDefinition,
  SubflowDefinition,
  VariableDefinition,
} from '../../model/index.js';
import { idOf, kindOf, text, type BpmnElement } from '../elements.js';
import { isPlainName } from '../expressions/names.js';
import { translate } from '../expressions/on-demand.js';
import type { ParseOptions, Translated } from '../expressions/parse.js';
import type { Report } from '../report.js';
import type { Messages } from './messages.js';
import type { Vendors } from './vendor.js';

export interface ImportOptions {
  /**
   * What a task without a type (and a manual task) does: `complete` at once, as the standard says, or `invoke` the
   * implementation named after its id. Default `complete`.
   */
  readonly plainTasks?: 'complete' | 'invoke';
  /** `report`: a file that breaks a rule is imported all the same, as far as it can be. Default `reject`. */
  readonly rules?: 'reject' | 'report';
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type ActivityDraft = Mutable<ActivityDefinition>;
export type ConnectorDraft = Mutable<ConnectorDefinition>;
export type { BoundaryEventDefinition, LoopDefinition };

/** The flow that one process becomes. */
export class FlowDraft {
  readonly activities: ActivityDraft[] = [];
  readonly connectors: ConnectorDraft[] = [];
  readonly subflows = new Map<string, Mutable<SubflowDefinition>>();
  readonly roles = new Map<string, RoleDefinition>();
  readonly variables = new Map<string, VariableDefinition>();
  /** Variables that expressions of the file read. */
  readonly reads = new Set<string>();
  /** Activities whose data the file does not map. */
  readonly unmapped: ActivityDraft[] = [];
  readonly layout: Record<string, Json> = {};
  /** Where connectors that lead to an element enter, if not at the activity with its id. */
  readonly entries = new Map<string, string>();
  /** Where connectors that leave an element begin, if not at the activity with its id. */
  readonly exits = new Map<string, string>();
}

export interface Scene {
  readonly root: BpmnElement;
  readonly report: Report;
  readonly vendors: Vendors;
  /** For files of other engines. */
  readonly dialect?: import('./dialect.js').Dialect;
  /** For files that have ad-hoc sub-processes or instances that throw events. */
  readonly rare?: typeof import('./rare.js');
  readonly messages: Messages;
  readonly options: ImportOptions;
  readonly draft: FlowDraft;
  readonly process: BpmnElement;
}

let generated = new WeakMap<BpmnElement, string>();
let counter = 0;

/** The element's id, or one made up for an element without; the same for the same element. */
export function keyOf(element: BpmnElement): string {
  // An export had to change an id that XML does not allow.
  const own = element.$attrs?.['millrace:id'];
  const id = typeof own === 'string' && own !== '__proto__' && !/[\s|()]/.test(own) && own !== '' ? own : idOf(element);
  if (id !== undefined) return id;
  let made = generated.get(element);
  if (made === undefined) generated.set(element, (made = `${kindOf(element)}_${++counter}`));
  return made;
}

/** Ids that are made up start from 1 with every file, so that importing twice gives the same. */
export function forgetMadeUpIds(): void {
  generated = new WeakMap();
  counter = 0;
}

/** The name under which a data element is known to expressions. */
export function variableName(element: BpmnElement): string {
  const name = text(element, 'name');
  return name !== undefined && isPlainName(name) ? name : keyOf(element);
}

/** Declared language of an expression element, or of the whole file where that is one we know. */
function declaredLanguage(scene: Scene, expression: BpmnElement): string | undefined {
  const own = text(expression, 'language');
  if (own !== undefined) return own;
  const whole = text(scene.root, 'expressionLanguage');
  return whole !== undefined && /jsonata|feel/i.test(whole) ? whole : undefined;
}

/** An expression element as JSONata; the variables it reads are noted. Undefined: empty, or not certain. */
export function expressionOf(
  scene: Scene,
  expression: BpmnElement | undefined,
  options: ParseOptions = {},
): string | undefined {
  const body = text(expression, 'body') ?? (expression?.$body?.trim() || undefined);
  if (!expression || body === undefined) return undefined;
  return noted(scene, translate(body, declaredLanguage(scene, expression), options));
}

/** An expression in an attribute or foreign element. */
export function expressionIn(scene: Scene, source: string | undefined, options: ParseOptions = {}): string | undefined {
  return source === undefined ? undefined : noted(scene, translate(source, undefined, options));
}

function noted(scene: Scene, translated: Translated | undefined): string | undefined {
  for (const name of translated?.reads ?? []) scene.draft.reads.add(name);
  return translated?.source;
}

export function bodyOf(expression: BpmnElement | undefined): string | undefined {
  return text(expression, 'body') ?? (expression?.$body?.trim() || undefined);
}

/** Text as a JSONata string literal. */
export function literal(value: Json): string {
  return JSON.stringify(value);
}
