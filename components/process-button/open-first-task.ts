// The first task of a process that has just been started, in place, if it is the starter's: so that whoever starts
// something with a step of their own does not have to look for it in a work list.
import type { InstanceHandle, InstanceView, Runtime, TaskView } from '../../src/runtime/index.js';
import { text } from '../localisation.js';
import type { TaskForm } from '../task-form/task-form.js';
import type { ProcessButton } from './process-button.js';

/** The form that a button has opened; the next start replaces it unless somebody has entered something. */
const opened = new WeakMap<ProcessButton, TaskForm>();

/** Waits for the first tasks and opens the one that the starter may do, if that is still the user; nothing when there is none of that kind. */
export async function openFirstTask(
  button: ProcessButton,
  runtime: Runtime,
  instance: InstanceHandle,
  starter: string | undefined,
): Promise<void> {
  if (!(await hasTasks(instance)) || runtime.user?.id !== starter) return;
  const mine = (await runtime.tasks()).filter(
    (task) => task.instance === instance.id && (task.claimedBy === undefined || task.claimedBy === runtime.user?.id),
  );
  const [task] = mine;
  if (!task || !button.isConnected || opened.get(button)?.isEdited) return;
  await import('../task-form/define.js');
  show(button, runtime, task);
}

function show(button: ProcessButton, runtime: Runtime, task: TaskView): void {
  const form = document.createElement('task-form');
  form.runtime = runtime;
  form.task = task;
  opened.get(button)?.remove();
  opened.set(button, form);
  const { user } = runtime;
  // Another user must not see it; what was entered is kept as a draft.
  const unlessSame = (): void => {
    if (form.isConnected && runtime.user?.id === user?.id) return;
    runtime.removeEventListener('user-change', unlessSame);
    if (!form.isConnected) return;
    opened.delete(button);
    form.remove();
    button.note = undefined;
  };
  runtime.addEventListener('user-change', unlessSame);
  const place = placeOf(button);
  if (place) place.append(form);
  else (button.closest('form') ?? button).after(form);
  button.note = { text: text(button, 'first-task', { task: task.name }) };
  form.addEventListener('task-complete', () => {
    opened.delete(button);
    form.remove();
    button.note = { text: text(button, 'task-done', { task: task.name }) };
    button.focus();
  });
  button.announce('task-open', { task, form });
  void form.updateComplete.then(() => form.focus());
}

/** The element that `open-first-task` selects. */
function placeOf(button: ProcessButton): Element | null {
  const { openFirstTask: selector } = button;
  if (!selector) return null;
  return (button.getRootNode() as ParentNode).querySelector(selector) ?? document.querySelector(selector);
}

/** Resolves to whether the process came to a task; it may also end, or stop at a failure, without one. */
function hasTasks(instance: InstanceHandle): Promise<boolean> {
  return new Promise((resolve) => {
    const seen = (view: InstanceView): boolean => {
      const isThere = view.tasks.length > 0;
      if (isThere || view.status !== 'running') resolve(isThere);
      return isThere || view.status !== 'running';
    };
    if (seen(instance.view)) return;
    const stop = instance.watch((view) => {
      if (seen(view)) stop();
    });
  });
}
