// The line of a task's form that says who else has it open.
import type { User } from '../../src/runtime/index.js';
import { text } from '../localisation.js';

/** There before it has anything to say, because assistive technology listens only to live regions it knows. */
export function othersPlace(): HTMLElement {
  const place = Object.assign(document.createElement('p'), { className: 'task-form-others' });
  place.setAttribute('role', 'status');
  return place;
}

export function sayOthers(form: HTMLElement, place: HTMLElement, others: readonly User[], me: User | undefined): void {
  const names = new Set(others.filter(({ id }) => id !== me?.id).map(({ id, name }) => name ?? id));
  const words =
    names.size > 0
      ? text(form, 'task-open-too', { user: [...names].join(', ') })
      : others.length > 0
        ? text(form, 'task-open-twice')
        : '';
  if (place.textContent !== words) place.textContent = words;
}
