// To whom a task is handed on: a choice of the people that the page names, or of those whom the flow names, or an id to type.
import { html, type TemplateResult } from 'lit';
import type { TaskView, User } from '../../src/runtime/index.js';
import { text } from '../localisation.js';

interface Person {
  readonly id: string;
  readonly name: string;
}

/** Options of the `<datalist>` or `<select>` that the selector finds, and whom the flow names; without the user. */
export function peopleFor(
  element: HTMLElement,
  selector: string,
  task: TaskView,
  user: User | undefined,
): readonly Person[] {
  const root = element.getRootNode() as Document | ShadowRoot;
  const list = selector ? (root.querySelector(selector) ?? document.querySelector(selector)) : null;
  const options = [...(list?.querySelectorAll('option') ?? [])].map(({ value, label }) => ({ id: value, name: label }));
  const named = (task.candidates ?? [])
    .filter((id) => options.every((option) => option.id !== id))
    .map((id) => ({ id, name: id }));
  const isBarred = (id: string): boolean => id === '' || id === user?.id || task.excludedUsers.includes(id);
  return [...options, ...named].filter(({ id }) => !isBarred(id));
}

/** Before that it is not invalid in anybody's eyes, whatever browsers say of a choice that nobody has made yet. */
function tried(event: Event): void {
  (event.currentTarget as HTMLElement).removeAttribute('aria-invalid');
}

export function handOnForm(
  element: HTMLElement,
  task: TaskView,
  people: readonly Person[],
  handOn: (to: string) => void,
  close: () => void,
): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    handOn(String(new FormData(event.currentTarget as HTMLFormElement).get('to')).trim());
  };
  const escape = ({ key }: KeyboardEvent): void => {
    if (key === 'Escape') close();
  };
  return html`<form
    part="hand-on"
    aria-label=${`${text(element, 'delegate')}: ${task.name}`}
    @submit=${submit}
    @keydown=${escape}
  >
    <label
      ><span>${text(element, 'delegate-to')}</span>
      ${
        people.length > 0
          ? html`<select
              name="to"
              required
              aria-required="true"
              aria-invalid="false"
              @invalid=${tried}
              @change=${tried}
            >
              <option value="">${text(element, 'choose')}</option>
              ${people.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
            </select>`
          : html`<input name="to" required autocomplete="off" />`
      }
    </label>
    <button part="button" class="primary">${text(element, 'delegate')}</button>
    <button part="button" type="button" @click=${close}>${text(element, 'close')}</button>
  </form>`;
}
