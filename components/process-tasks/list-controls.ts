// Search, choice and pages of a work list: which tasks are shown, and the controls for it.
import { html, nothing, type TemplateResult } from 'lit';
import type { TaskView, User } from '../../src/runtime/index.js';
import { asText } from '../forms/show-data.js';
import { languageOf, text } from '../localisation.js';

export type TaskChoice = 'all' | 'mine' | 'free' | 'overdue';

export const CHOICES: readonly TaskChoice[] = ['all', 'mine', 'free', 'overdue'];

export interface ListQuery {
  readonly search: string;
  readonly choice: TaskChoice;
  /** From 0. */
  readonly page: number;
  /** Tasks on a page; 0: all. */
  readonly size: number;
}

export interface ListPage {
  readonly shown: readonly TaskView[];
  /** Tasks that the query matches, on all pages. */
  readonly count: number;
  readonly page: number;
  readonly pages: number;
}

/** The page of the tasks that match; beyond the last one, the last. */
export function pageOf(tasks: readonly TaskView[], query: ListQuery, user: User | undefined, now: number): ListPage {
  const words = query.search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = tasks.filter(
    (task) => isChosen(task, query.choice, user, now) && words.every((w) => told(task).includes(w)),
  );
  const size = query.size > 0 ? query.size : Math.max(1, found.length);
  const pages = Math.max(1, Math.ceil(found.length / size));
  const page = Math.min(query.page, pages - 1);
  return { shown: found.slice(page * size, (page + 1) * size), count: found.length, page, pages };
}

function isChosen({ claimedBy, dueAt }: TaskView, choice: TaskChoice, user: User | undefined, now: number): boolean {
  if (choice === 'mine') return claimedBy !== undefined && claimedBy === user?.id;
  if (choice === 'free') return claimedBy === undefined;
  return choice === 'all' || (dueAt !== undefined && dueAt < now);
}

/** What a search looks in: names, who has it, and the data that the task brings. */
function told({ name, flowTitle, claimedBy, data }: TaskView): string {
  return [name, flowTitle, claimedBy ?? '', ...Object.values(data).map(asText)].join(' ').toLowerCase();
}

export function searchBar(
  element: Element,
  query: ListQuery,
  change: (to: Partial<ListQuery>) => void,
): TemplateResult {
  return html`<div part="filters" role="search">
    <label
      ><span class="silent">${text(element, 'search-tasks')}</span>
      <input
        type="search"
        placeholder=${text(element, 'search-tasks')}
        .value=${query.search}
        @input=${(e: Event) => change({ search: (e.target as HTMLInputElement).value, page: 0 })}
      />
    </label>
    <label
      ><span class="silent">${text(element, 'which-tasks')}</span>
      <select @change=${(e: Event) => change({ choice: (e.target as HTMLSelectElement).value as TaskChoice, page: 0 })}>
        ${CHOICES.map((c) => html`<option value=${c} ?selected=${c === query.choice}>${text(element, `tasks-${c}`)}</option>`)}
      </select>
    </label>
  </div>`;
}

export function pager(
  element: Element,
  list: ListPage,
  size: number,
  go: (page: number) => void,
): TemplateResult | typeof nothing {
  const { page, pages } = list;
  if (pages < 2) return nothing;
  const button = (key: 'previous' | 'next', to: number): TemplateResult => {
    const isOff = to < 0 || to >= pages;
    return html`<button
      type="button"
      part="button"
      aria-disabled=${isOff ? 'true' : nothing}
      @click=${isOff ? nothing : () => go(to)}
    >
      ${text(element, key)}
    </button>`;
  };
  return html`<nav part="pages" aria-label=${text(element, 'pages')}>
    ${button('previous', page - 1)}<span>${rangeOf(element, list, size)}</span>${button('next', page + 1)}
  </nav>`;
}

/** Which of the tasks that were found are shown. */
export function rangeOf(element: Element, { page, count, shown }: ListPage, size: number): string {
  if (count === 0) return text(element, 'none-found');
  const number = new Intl.NumberFormat(languageOf(element));
  const from = page * size + 1;
  return text(element, 'tasks-range', {
    from: number.format(from),
    to: number.format(from + shown.length - 1),
    count: number.format(count),
  });
}
