// One task of the work list: what it is, until when, who has it, and what can be done with it.
import { html, nothing, type TemplateResult } from 'lit';
import type { TaskView, User } from '../../src/runtime/index.js';
import { languageOf, text } from '../localisation.js';
import { handOnForm, peopleFor } from './hand-on.js';
import { timeAgo, timeOf } from './task-times.js';

export type TaskAction = 'claim' | 'release' | 'open' | 'close-form' | 'delegate';

export interface TaskItem {
  readonly task: TaskView;
  readonly user: User | undefined;
  readonly isOpen: boolean;
  /** Its form is open, but it is done or withdrawn. */
  readonly isGone: boolean;
  readonly problem: string | undefined;
  /** Selector of the people whom it can be handed on to; undefined: nobody. */
  readonly people: string | undefined;
  readonly isHandingOn: boolean;
  readonly act: (action: TaskAction) => void;
  readonly handOn: (to: string) => void;
}

export function taskItem(element: HTMLElement, item: TaskItem): TemplateResult {
  const { task, user, isOpen, isGone, problem, isHandingOn, act } = item;
  const language = languageOf(element);
  const isMine = user !== undefined && task.claimedBy === user.id;
  const isTaken = task.claimedBy !== undefined && !isMine;
  const isFree = user !== undefined && !isTaken && !isGone;
  const button = (key: TaskAction, isExpanded?: boolean): TemplateResult =>
    html`<button
      type="button"
      part="button"
      class=${key === 'open' ? 'primary' : nothing}
      aria-label=${`${text(element, key)}: ${task.name}`}
      aria-expanded=${isExpanded ?? nothing}
      @click=${() => act(key)}
    >
      ${text(element, key)}
    </button>`;
  return html`<li part="task" data-task=${task.id}>
    <div class="head">
      <div class="words">
        <span part="name">${task.name}</span>
        <span part="note"
          >${task.flowTitle} ·
          <time datetime=${new Date(task.createdAt).toISOString()} title=${timeOf(task.createdAt, language)}
            >${timeAgo(task.createdAt, language)}</time
          >${task.claimedBy === undefined ? nothing : html` · ${isMine ? text(element, 'claimed-by-you') : text(element, 'claimed-by', { user: task.claimedBy })}`}${task.delegatedBy === undefined ? nothing : html` · ${text(element, 'delegated-by', { user: task.delegatedBy })}`}</span
        >
        ${due(element, task)}
      </div>
      <div part="actions">
        ${isFree ? button(isMine ? 'release' : 'claim') : nothing}
        ${isFree && item.people !== undefined ? button('delegate', isHandingOn) : nothing}
        ${isTaken && !isOpen ? nothing : button(isOpen ? 'close-form' : 'open', isOpen)}
      </div>
    </div>
    ${
      isHandingOn && isFree
        ? handOnForm(element, task, peopleFor(element, item.people ?? '', task, user), item.handOn, () =>
            act('delegate'),
          )
        : nothing
    }
    <div part="error" role="alert" class=${problem ? nothing : 'none'}>${problem ?? nothing}</div>
    ${isOpen ? html`<slot name="form"></slot>` : nothing}
  </li>`;
}

function due(element: HTMLElement, { dueAt, remindAt }: TaskView): TemplateResult | typeof nothing {
  if (dueAt === undefined) return nothing;
  const now = Date.now();
  const isLate = dueAt < now;
  const isSoon = !isLate && (remindAt?.some((at) => at <= now) ?? false);
  return html`<span part="due" class=${isLate ? 'late' : isSoon ? 'soon' : nothing}
    ><time datetime=${new Date(dueAt).toISOString()}
      >${text(element, isLate ? 'overdue' : isSoon ? 'due-soon' : 'due', { time: timeOf(dueAt, languageOf(element)) })}</time
    ></span
  >`;
}
