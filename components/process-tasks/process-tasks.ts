// `<process-tasks>`: the work list of the page's user. It follows all tabs, and never takes away a form that somebody is
// filling in unless its task is gone.
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { runtime, type JsonObject, type TaskView } from '../../src/runtime/index.js';
import { languageOf } from '../localisation.js';
import { text } from './task-texts.js';
import { taskForm } from './task-form.js';

/**
 * Lists the open tasks of the runtime's user and lets the user take, do and give them back.
 *
 * @tag process-tasks
 * @attr {string} flow - Only tasks of this process.
 * @fires task-complete - Detail `{ task, output }`.
 * @fires task-error - Detail `{ task, error }`.
 * @csspart heading @csspart list @csspart task @csspart name @csspart note @csspart empty
 * @cssprop --process-tasks-gap @cssprop --process-tasks-border
 */
export class ProcessTasks extends LitElement {
  static override properties: PropertyDeclarations = {
    flow: {},
    tasks: { state: true },
    opened: { state: true },
    problem: { state: true },
  };

  static override styles = css`
    :host {
      display: block;
    }
    ul {
      list-style: none;
      margin: 0;
      padding: 0;
      display: grid;
      gap: var(--process-tasks-gap, 0.75rem);
    }
    li {
      border: var(--process-tasks-border, 1px solid color-mix(in srgb, currentColor 25%, transparent));
      border-radius: 0.5rem;
      padding: 0.75rem 1rem;
    }
    header {
      display: flex;
      flex-wrap: wrap;
      gap: 0.25rem 1rem;
      align-items: center;
    }
    .name {
      font-weight: 600;
      flex: 1 1 12rem;
    }
    .note {
      font-size: 0.875em;
      opacity: 0.85;
    }
    .actions {
      display: flex;
      gap: 0.5rem;
    }
    button {
      font: inherit;
      padding: 0.35em 0.9em;
      cursor: pointer;
    }
    .problem {
      color: light-dark(#a3161b, #ff9b9b);
      margin: 0.5rem 0;
    }
    ::slotted(form) {
      margin-block-start: 0.75rem;
    }
    @media (forced-colors: active) {
      .problem {
        color: CanvasText;
      }
    }
  `;

  declare flow: string | undefined;
  declare tasks: readonly TaskView[] | undefined;
  declare opened: string | undefined;
  declare problem: string | undefined;
  #unwatch: (() => void) | undefined;
  #form: HTMLFormElement | undefined;
  readonly #refresh = (): void => void this.refresh();

  override connectedCallback(): void {
    super.connectedCallback();
    runtime.addEventListener('user-change', this.#refresh);
    void this.#connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    runtime.removeEventListener('user-change', this.#refresh);
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  async #connect(): Promise<void> {
    try {
      await runtime.resume();
      const unwatch = await runtime.watch(this.#refresh);
      if (!this.isConnected) return unwatch();
      this.#unwatch?.();
      this.#unwatch = unwatch;
      await this.refresh();
    } catch (error) {
      console.error('[millrace] process-tasks', error);
      this.problem = text(this, 'storage');
    }
  }

  /** Reads the list again. */
  async refresh(): Promise<void> {
    const all = await runtime.tasks();
    this.tasks = all
      .filter((t) => !this.flow || t.flow === this.flow)
      .sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0) || a.createdAt - b.createdAt);
    if (this.opened !== undefined && !this.tasks.some((t) => t.id === this.opened)) this.#close();
  }

  protected override render(): TemplateResult {
    const { tasks } = this;
    return html`
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      ${tasks?.length === 0 ? html`<p part="empty" role="status">${text(this, 'noTasks')}</p>` : nothing}
      ${
        tasks && tasks.length > 0
          ? html`<ul part="list" aria-label=${text(this, 'tasks')}>
              ${repeat(
                tasks,
                (t) => t.id,
                (t) => this.#task(t),
              )}
            </ul>`
          : nothing
      }
    `;
  }

  #task(task: TaskView): TemplateResult {
    const isOpen = this.opened === task.id;
    const mine = task.claimedBy !== undefined && task.claimedBy === runtime.user?.id;
    const foreign = task.claimedBy !== undefined && !mine;
    return html`<li part="task" data-task=${task.id}>
      <header>
        <span class="name" part="name">${task.name}</span>
        <span class="note" part="note">${task.flowTitle} · ${this.#when(task)}${this.#claim(task, mine)}</span>
        <span class="actions">
          ${
            runtime.user && !foreign
              ? html`<button
                  type="button"
                  aria-label=${`${text(this, mine ? 'release' : 'claim')}: ${task.name}`}
                  @click=${() => this.#send(task, mine ? 'release' : 'claim')}
                >
                  ${text(this, mine ? 'release' : 'claim')}
                </button>`
              : nothing
          }
          ${
            foreign
              ? nothing
              : html`<button
                  type="button"
                  aria-expanded=${isOpen}
                  aria-label=${`${text(this, isOpen ? 'close' : 'open')}: ${task.name}`}
                  @click=${() => (isOpen ? this.#close() : this.#open(task))}
                >
                  ${text(this, isOpen ? 'close' : 'open')}
                </button>`
          }
        </span>
      </header>
      ${isOpen ? html`<slot name="form"></slot>` : nothing}
    </li>`;
  }

  #when(task: TaskView): string {
    const format = new Intl.DateTimeFormat(languageOf(this), { dateStyle: 'short', timeStyle: 'short' });
    const since = text(this, 'since', { time: format.format(task.createdAt) });
    if (task.dueAt === undefined) return since;
    return `${since}, ${text(this, task.dueAt < Date.now() ? 'overdue' : 'due', { time: format.format(task.dueAt) })}`;
  }

  #claim(task: TaskView, mine: boolean): string {
    if (task.claimedBy === undefined) return '';
    return ` · ${mine ? text(this, 'claimedByYou') : text(this, 'claimedBy', { user: task.claimedBy })}`;
  }

  /** The form stands in the light DOM, where the page's own styles and scripts reach it. */
  #open(task: TaskView): void {
    this.#close();
    this.#form = taskForm(this, task, (output) => void this.#complete(task, output));
    this.#form.slot = 'form';
    this.append(this.#form);
    this.opened = task.id;
    void this.updateComplete.then(() =>
      this.#form?.querySelector<HTMLElement>('input, select, textarea, button')?.focus(),
    );
  }

  #close(): void {
    this.#form?.remove();
    this.#form = undefined;
    this.opened = undefined;
  }

  async #send(task: TaskView, type: 'claim' | 'release'): Promise<void> {
    const { user } = runtime;
    if (!user) return;
    await this.#attempt(task, () => runtime.send({ type, task: task.id, user }));
  }

  async #complete(task: TaskView, output: JsonObject): Promise<void> {
    const done = await this.#attempt(task, () => runtime.completeTask(task.id, output));
    if (!done) return;
    if (this.opened === task.id) this.#close();
    this.dispatchEvent(new CustomEvent('task-complete', { detail: { task, output }, bubbles: true, composed: true }));
    await this.refresh();
  }

  async #attempt(task: TaskView, act: () => Promise<void>): Promise<boolean> {
    this.problem = undefined;
    try {
      await act();
      return true;
    } catch (error) {
      this.problem = (error as Error).message;
      this.dispatchEvent(new CustomEvent('task-error', { detail: { task, error }, bubbles: true, composed: true }));
      return false;
    }
  }
}
