// From a press of a `process-button` to a process that is safely stored.
import { FlowError, type JsonObject } from '../../src/runtime/index.js';
import { assembleInput } from '../button/assemble-input.js';
import { explained, failureNote } from '../button/explain.js';
import type { Press, RunOutcome } from '../button/press.js';
import { refuseFields } from '../button/refuse-fields.js';
import { runtimeOf } from '../flow-provider/runtime-of.js';
import { text } from '../localisation.js';
import type { ProcessButton } from './process-button.js';

export async function startProcess(button: ProcessButton, press: Press): Promise<RunOutcome> {
  const { signal } = press;
  try {
    button.note = { text: text(button, 'busy'), isSilent: !button.hasAttribute('message-busy') };
    const runtime = await runtimeOf(button);
    const { definition } = await runtime.flow(button.process, button.environment);
    const input = await assembleInput(press, button.input, definition);
    const key = await keyOf(button, input);
    const instance = await runtime.start(button.process, input, {
      ...(press.id === undefined ? {} : { id: press.id }),
      kind: 'process',
      ...(button.environment ? { environment: button.environment } : {}),
      signal,
      ...(key === undefined ? {} : { key }),
      ...(button.startOnce ? { once: true } : {}),
    });
    press.instance = instance;
    const { environment = definition.environment ?? 'page' } = button;
    runtime.background.add({
      instance,
      label: button.labelText || (definition.title ?? button.process),
      environment,
    });
    const isNew = instance.id === press.id;
    const reference = text(button, 'reference', { id: key ?? instance.id.slice(0, 8) });
    press.note = { text: `${text(button, isNew ? 'started' : 'started-before')} ${reference}` };
    // Once the press has ended, so that the task's note is not overwritten by the note of the start.
    const starter = runtime.user?.id;
    if (button.hasAttribute('open-first-task'))
      void press.ended.then(async () =>
        (await import('./open-first-task.js')).openFirstTask(button, runtime, instance, starter),
      );
    return { status: 'started', instance, isNew };
  } catch (error) {
    if (signal.aborted) {
      press.note = { text: text(button, 'cancelled') };
      return { status: 'cancelled', reason: signal.reason as string };
    }
    const failure = explained(button, error, press);
    if (failure.fields && button.fieldSource) button.clearFaults = refuseFields(button.fieldSource, failure.fields);
    press.note = failureNote(button, failure);
    return { status: 'failed', error: failure };
  }
}

async function keyOf(
  { businessKey: key, startOnce, process }: ProcessButton,
  input: JsonObject,
): Promise<string | undefined> {
  if (!key) return startOnce ? process : undefined;
  const { compileExpression } = await import('../../src/index.js');
  const value = await compileExpression(key).evaluate(input);
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new FlowError(
    'FLOW-INPUT-ATTRIBUTE',
    `The "business-key" attribute gives ${value === undefined ? 'nothing' : JSON.stringify(value)}, not a text or a number.`,
    {
      flow: process,
      expression: key,
    },
  );
}
