// What only files of other engines say (Camunda, Zeebe, Activiti, Flowable): data mappings, form fields, retries. Loaded for
// files that mention one of them.
import type { JsonSchema } from '../../model/index.js';
import type { is, BpmnElement } from '../elements.js';
import type { quotedName } from '../expressions/names.js';
import type { ActivityDraft, expressionIn, literal, Scene } from './scene.js';
import type { plain } from './vendor.js';

/** What is read of them, here or elsewhere. */
const ELEMENTS = new Set(
  'taskDefinition calledDecision calledElement ioMapping input output taskHeaders header subscription assignmentDefinition formDefinition loopCharacteristics script inputOutput inputParameter outputParameter field string expression formData formField value in out failedJobRetryTimeCycle versionTag'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'implementation role form timeout due retry topic type decisionRef delegateExpression class expression resultVariable collection elementVariable candidateGroups candidateUsers assignee formKey formRef dueDate priority kind version versionTag'.split(
    ' ',
  ),
);

const TYPES: Readonly<Record<string, JsonSchema>> = {
  string: { type: 'string' },
  long: { type: 'integer' },
  int: { type: 'integer' },
  integer: { type: 'integer' },
  double: { type: 'number' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  enum: { type: 'string' },
};

function formOf(scene: Scene, task: BpmnElement): JsonSchema | undefined {
  const { vendors } = scene;
  const fields = vendors.inside(vendors.child(task, 'camunda', 'formData'), 'camunda', 'formField');
  const properties: Record<string, JsonSchema> = {};
  for (const field of fields) {
    const id = use.plain(field, 'id');
    if (id === undefined || id === '__proto__') continue;
    const type = use.plain(field, 'type');
    const title = use.plain(field, 'label');
    const values = vendors.inside(field, 'camunda', 'value').flatMap((v) => use.plain(v, 'id') ?? []);
    properties[id] = {
      ...(type !== undefined && Object.hasOwn(TYPES, type) ? (TYPES[type] as object) : {}),
      ...(title === undefined ? {} : { title }),
      ...(values.length > 0 ? { enum: values } : {}),
    };
    scene.draft.reads.add(id);
  }
  return Object.keys(properties).length > 0 ? { type: 'object', properties } : undefined;
}

function foreignInput(scene: Scene, node: BpmnElement): Record<string, string> {
  const { vendors } = scene;
  const found: Record<string, string> = {};
  const set = (name: string | undefined, source: string | undefined, of: BpmnElement): void => {
    if (name === undefined || name === '__proto__') return;
    if (source === undefined)
      scene.report.leftOut(of, `The value of "${name}" cannot be evaluated, so it is not given.`);
    else found[name] = source;
  };
  for (const input of vendors.inside(vendors.child(node, 'zeebe', 'ioMapping'), 'zeebe', 'input'))
    set(use.plain(input, 'target'), valueIn(scene, use.plain(input, 'source')), input);
  for (const input of vendors.inside(vendors.child(node, 'camunda', 'inputOutput'), 'camunda', 'inputParameter'))
    set(use.plain(input, 'name'), valueIn(scene, input.$body?.trim()), input);
  for (const field of vendors.children(node, 'camunda', 'field')) {
    const nested = field.$children?.[0]?.$body?.trim();
    set(
      use.plain(field, 'name'),
      valueIn(scene, use.plain(field, 'stringValue') ?? use.plain(field, 'expression') ?? nested),
      field,
    );
  }
  for (const given of vendors.children(node, 'camunda', 'in')) {
    const name = use.plain(given, 'target');
    const source = use.plain(given, 'source');
    if (source !== undefined) scene.draft.reads.add(source);
    if (name !== undefined)
      set(
        name,
        source === undefined ? valueIn(scene, use.plain(given, 'sourceExpression')) : use.quotedName(source),
        given,
      );
  }
  const headers = vendors.inside(vendors.child(node, 'zeebe', 'taskHeaders'), 'zeebe', 'header');
  for (const header of headers) set(use.plain(header, 'key'), use.literal(use.plain(header, 'value') ?? ''), header);
  return found;
}

function foreignOutput(scene: Scene, node: BpmnElement): Record<string, string> {
  const { vendors } = scene;
  const found: Record<string, string> = {};
  for (const output of vendors.inside(vendors.child(node, 'zeebe', 'ioMapping'), 'zeebe', 'output')) {
    const name = use.plain(output, 'target');
    const source = ofOutput(use.plain(output, 'source')?.replace(/^=\s*/, ''));
    if (name !== undefined && name !== '__proto__' && source !== undefined) found[name] = source;
    else scene.report.leftOut(output, 'What it assigns cannot be evaluated.');
  }
  for (const output of vendors.inside(vendors.child(node, 'camunda', 'inputOutput'), 'camunda', 'outputParameter')) {
    const name = use.plain(output, 'name');
    const source = ofOutput(/^[$#]\{([^{}]*)\}$/.exec(output.$body?.trim() ?? '')?.[1]);
    if (name !== undefined && name !== '__proto__' && source !== undefined) found[name] = source;
    else scene.report.leftOut(output, 'What it assigns cannot be evaluated.');
  }
  for (const given of vendors.children(node, 'camunda', 'out')) {
    const [source, name] = [use.plain(given, 'source'), use.plain(given, 'target')];
    if (source !== undefined && name !== undefined && name !== '__proto__')
      found[name] = `$output.${use.quotedName(source)}`;
  }
  const result =
    use.plain(vendors.child(node, 'zeebe', 'calledDecision'), 'resultVariable') ??
    vendors.attribute(node, 'camunda', 'resultVariable');
  if (result !== undefined && result !== '__proto__' && !use.is(node, 'ScriptTask')) found[result] = '$output';
  const form = vendors.inside(vendors.child(node, 'camunda', 'formData'), 'camunda', 'formField');
  for (const id of form.flatMap((f) => use.plain(f, 'id') ?? []))
    if (id !== '__proto__') found[id] = `$output.${use.quotedName(id)}`;
  return found;
}

/** A path into what the activity gave; a bare path is all whose meaning is certain. */
function ofOutput(path: string | undefined): string | undefined {
  return path !== undefined && /^[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*$/.test(path) ? `$output.${path}` : undefined;
}

/** Text is text; `=…` and `${…}` are expressions. */
function valueIn(scene: Scene, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (/^=|[$#]\{/.test(value)) return use.expressionIn(scene, value, { names: true });
  return use.literal(value);
}

function retry(scene: Scene, node: BpmnElement, activity: ActivityDraft): void {
  const { vendors } = scene;
  const zeebe = Number(use.plain(vendors.child(node, 'zeebe', 'taskDefinition'), 'retries') ?? Number.NaN);
  const cycle = /^R(\d+)\/(P[\dTDHMS.]+)$/.exec(
    vendors.child(node, 'camunda', 'failedJobRetryTimeCycle')?.$body?.trim() ?? '',
  );
  if (cycle) activity.retry = { maxAttempts: Math.max(1, Number(cycle[1])), backoff: cycle[2]!, factor: 1 };
  else if (Number.isInteger(zeebe) && zeebe >= 1) activity.retry = { maxAttempts: zeebe };
}

/** What the rest of the import makes of it; handed in, so that the import stays one chunk of code. */
export interface Tools {
  readonly is: typeof is;
  readonly plain: typeof plain;
  readonly expressionIn: typeof expressionIn;
  readonly literal: typeof literal;
  readonly quotedName: typeof quotedName;
}

let use: Tools;

export type Dialect = ReturnType<typeof dialectWith>;

export function dialectWith(tools: Tools): {
  readonly input: typeof foreignInput;
  readonly output: typeof foreignOutput;
  readonly form: typeof formOf;
  readonly retry: typeof retry;
  readonly elements: ReadonlySet<string>;
  readonly attributes: ReadonlySet<string>;
} {
  use = tools;
  return {
    input: foreignInput,
    output: foreignOutput,
    form: formOf,
    retry,
    elements: ELEMENTS,
    attributes: ATTRIBUTES,
  };
}
