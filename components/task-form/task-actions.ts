// The buttons of a task's form where its template has none: one for every outcome of the task, or one that says it is done; and
// the one that leaves it out.
import type { TaskView } from '../../src/runtime/index.js';
import { text } from '../localisation.js';

export function taskActions(element: HTMLElement, { outcomes }: TaskView): HTMLElement {
  const actions = Object.assign(document.createElement('div'), { className: 'task-form-actions' });
  const names = Object.entries(outcomes ?? {});
  for (const [value, label] of names)
    actions.append(
      Object.assign(document.createElement('button'), { type: 'submit', name: 'outcome', value, textContent: label }),
    );
  if (names.length === 0)
    actions.append(
      Object.assign(document.createElement('button'), { type: 'submit', textContent: text(element, 'complete') }),
    );
  return actions;
}

/** Asks first: a task that was left out does not come back. */
export function skipButton(element: HTMLElement, task: TaskView, skip: () => void): HTMLButtonElement {
  const button = Object.assign(document.createElement('button'), {
    type: 'button',
    className: 'task-form-skip',
    textContent: text(element, 'skip'),
  });
  button.addEventListener('click', async () => {
    const { ask } = await import('../overlay/ask.js');
    if (await ask(element, text(element, 'skip-question', { task: task.name }))) skip();
  });
  return button;
}
