// Script tasks: JSONata and FEEL are assignments; other languages go to an implementation named `script`, with the text.
import { is, text, type BpmnElement } from '../elements.js';
import { quotedName, readsOf } from '../expressions/names.js';
import { languageOf } from '../expressions/on-demand.js';
import { bodyOf, expressionIn, literal, type ActivityDraft, type Scene } from './scene.js';
import { plain } from './vendor.js';

/** Name of the implementation that is given scripts in languages which are not run here. */
export const SCRIPT_IMPLEMENTATION = 'script';

export function scriptOf(scene: Scene, task: BpmnElement, activity: ActivityDraft): void {
  activity.type = 'script';
  const zeebe = scene.vendors.child(task, 'zeebe', 'script');
  const format = text(task, 'scriptFormat') ?? text(task, 'scriptLanguage');
  const script =
    text(task, 'script') ?? bodyOf(task['script'] as BpmnElement | undefined) ?? plain(zeebe, 'expression');
  const result = scene.vendors.attribute(task, 'camunda', 'resultVariable') ?? plain(zeebe, 'resultVariable');
  if (script === undefined) {
    if (!scene.vendors.attribute(task, 'millrace', 'implementation')) return;
  } else if (languageOf(format) === 'jsonata') {
    return assign(scene, task, activity, script, result);
  } else if (result !== undefined) {
    const source = expressionIn(scene, script, { names: true });
    if (source !== undefined && (zeebe || languageOf(format) !== 'other' || /^[$#]\{|^=/.test(script))) {
      activity.output = { [result]: source };
      return;
    }
  }
  const ref =
    scene.vendors.attribute(task, 'millrace', 'implementation') ??
    plain(scene.vendors.child(task, 'zeebe', 'taskDefinition'), 'type') ??
    SCRIPT_IMPLEMENTATION;
  activity.implementation = {
    ref,
    ...(script === undefined
      ? {}
      : { arguments: { script: literal(script), ...(format === undefined ? {} : { format: literal(format) }) } }),
  };
  if (result !== undefined) activity.output = { [result]: '$output' };
  if (script !== undefined && is(task, 'BaseElement'))
    scene.report.inPart(
      task,
      `Its ${format ?? 'script'} is not run here: it is given to the implementation "${ref}" as the argument "script".`,
      'script',
    );
}

/** A JSONata script gives one variable, or an object whose members are variables. */
function assign(
  scene: Scene,
  task: BpmnElement,
  activity: ActivityDraft,
  script: string,
  result: string | undefined,
): void {
  for (const name of readsOf(script)) scene.draft.reads.add(name);
  if (result !== undefined) {
    activity.output = { [result]: script };
    return;
  }
  const keys = membersOf(script);
  if (keys.length === 0) {
    scene.report.inPart(
      task,
      'The script gives no object, so nothing is assigned. Write { "variable": value }.',
      'script',
    );
    return;
  }
  activity.output = Object.fromEntries(keys.map((key) => [key, `(${script}).${quotedName(key)}`]));
}

/** The member names of an object constructor at the top level of the text. */
function membersOf(script: string): string[] {
  if (!script.startsWith('{') || !script.endsWith('}')) return [];
  const keys: string[] = [];
  let depth = 0;
  let expectsKey = false;
  for (const match of script.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|[{[(]|[}\])]|,/g)) {
    const [token] = match;
    const quoted = match[1] ?? match[2];
    if (quoted !== undefined) {
      if (depth === 1 && expectsKey && /^\s*:/.test(script.slice(match.index + token.length))) keys.push(quoted);
      expectsKey = false;
    } else if (token === ',') {
      if (depth === 1) expectsKey = true;
    } else if ('{[('.includes(token)) {
      depth++;
      expectsKey = depth === 1;
    } else {
      depth--;
    }
  }
  return keys.filter((key) => key !== '__proto__');
}
