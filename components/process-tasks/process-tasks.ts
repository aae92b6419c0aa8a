// `<process-tasks>`: the work list of a person. It follows all tabs, and never takes away a form that somebody is filling in.
import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Runtime, TaskView } from '../../src/runtime/index.js';
import { explained } from '../button/explain.js';
import { userOf } from '../flow-provider/flow-provider.js';
import { runtimeOf } from '../flow-provider/runtime-of.js';
import { text, type TextKey } from '../localisation.js';
import type { TaskForm } from '../task-form/task-form.js';
import { pager, pageOf, rangeOf, searchBar, type ListPage, type ListQuery } from './list-controls.js';
import { styles } from './styles.js';
import { taskItem, type TaskAction } from './task-item.js';
import { permission, TaskNotices } from './task-notices.js';
import { byUrgency } from './task-times.js';

/** How often ages are told anew, ms. */
const MINUTE = 60_000;

/**
 * Lists the open tasks that the user may do, and lets the user take, do and give them back.
 *
 * @tag process-tasks
 * @attr {string} flow - Only tasks of this process.
 * @attr {string} user - Id of the user. Default: the user of the provider or of the page.
 * @attr {string} user-name - Name of the user, for people.
 * @attr {string} roles - Roles of the user, separated by spaces; they decide which tasks are offered.
 * @attr {boolean} filterable - Present: people can search, and choose between all, their own, free and overdue tasks.
 * @attr {number} page-size - Tasks on a page. Default 25; 0 shows all.
 * @attr {string} people - Present: tasks can be handed on. A selector of a `<datalist>` or `<select>` with the ids and names of people; empty: an id is typed.
 * @attr {boolean} notify - Present: people can ask to be notified of new, soon due and overdue tasks; an installed app shows their number.
 * @attr {string} schema-element - Name of a custom element that makes the forms of JSON Schemas. Default: native fields.
 * @attr {boolean} no-claim - Present: a task is not taken by who begins to fill in its form.
 * @attr {boolean} no-draft - Present: what is entered in forms is not kept in the browser.
 * @fires task-open - A task's form is shown. Detail `{ task, form }`.
 * @fires task-complete - A task is done. Detail `{ task, output }`.
 * @fires task-skip - A task was left out. Detail `{ task }`.
 * @fires task-error - Something was refused. Detail `{ task, error }`.
 * @slot form - The form of the open task, put there by the element: in the page's own tree, where its styles reach it.
 * @slot empty - What is shown when there is nothing to do.
 *
 * @csspart filters
 * @csspart pages
 * @csspart list
 * @csspart task
 * @csspart name
 * @csspart note
 * @csspart due
 * @csspart actions
 * @csspart button
 * @csspart hand-on
 * @csspart notify
 * @csspart error
 * @csspart empty
 *
 * @cssprop --process-tasks-gap
 * @cssprop --process-tasks-border
 * @cssprop --process-tasks-radius
 * @cssprop --process-tasks-background
 */
export class ProcessTasks extends LitElement {
  static override styles = styles;
  static override properties: PropertyDeclarations = {
    flow: {},
    user: {},
    userName: { attribute: 'user-name' },
    roles: {},
    filterable: { type: Boolean },
    pageSize: { type: Number, attribute: 'page-size' },
    people: {},
    notify: { type: Boolean },
    noClaim: { type: Boolean, attribute: 'no-claim' },
    schemaElement: { attribute: 'schema-element' },
    noDraft: { type: Boolean, attribute: 'no-draft' },
    handingOn: { state: true, attribute: false },
    query: { state: true, attribute: false },
    tasks: { state: true, attribute: false },
    opened: { state: true, attribute: false },
    problems: { state: true, attribute: false },
    announcement: { state: true, attribute: false },
  };

  declare flow: string | undefined;
  declare user: string | undefined;
  declare userName: string | undefined;
  declare roles: string | undefined;
  declare filterable: boolean;
  declare pageSize: number;
  declare people: string | undefined;
  declare notify: boolean;
  declare noClaim: boolean;
  declare schemaElement: string | undefined;
  declare noDraft: boolean;
  /** Id of the task that is about to be handed on. @internal @readonly */
  declare handingOn: string | undefined;
  /** What people look for in the list. @internal @readonly */
  declare query: Omit<ListQuery, 'size'>;
  /** What is listed; undefined until the first answer. @readonly */
  declare tasks: readonly TaskView[] | undefined;
  /** The task whose form is open; it may be gone from the list. @readonly */
  declare opened: TaskView | undefined;
  /** What went wrong, by task id; `""` concerns the list. @internal @readonly */
  declare problems: Readonly<Record<string, string>>;
  /** @internal */
  declare announcement: string;
  #runtime: Runtime | undefined;
  #unwatch: (() => void) | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;
  #form: TaskForm | undefined;
  readonly #notices = new TaskNotices(this, (task) => this.open(task));
  /** Ids of whom the form was opened by and the list was read for. */
  #openedBy: string | undefined;
  #listedFor: string | undefined;

  constructor() {
    super();
    this.pageSize = 25;
    this.query = { search: '', choice: 'all', page: 0 };
    this.problems = {};
    this.announcement = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#connect();
    this.#clock = setInterval(() => {
      this.requestUpdate();
      if (this.notify && this.tasks) this.#notices.look(this.tasks, this.#runtime?.user);
    }, MINUTE);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#runtime?.removeEventListener('user-change', this.#onUser);
    clearInterval(this.#clock);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const who = ['user', 'userName', 'roles'] as const;
    if (this.hasUpdated && who.some((name) => changed.has(name))) void this.#connect();
    if (this.hasUpdated && changed.has('flow')) void this.refresh();
  }

  async #connect(): Promise<void> {
    const around = await runtimeOf(this);
    if (!this.isConnected) return;
    const runtime = this.user ? around.as(userOf(this)) : around;
    this.#unwatch?.();
    if (this.#runtime !== runtime) {
      this.#runtime?.removeEventListener('user-change', this.#onUser);
      this.#runtime = runtime;
      this.#onUser();
    }
    // The same listener is not added twice.
    runtime.addEventListener('user-change', this.#onUser);
    this.#unwatch = runtime.watchTasks(
      (tasks) => this.#take(tasks),
      (error) => (this.problems = { ...this.problems, '': explained(this, error).text }),
    );
  }

  /** What one person has open or has listed is not for the next one to see; what was entered is kept as that person's draft. */
  readonly #onUser = (): void => {
    const { user } = this.#runtime ?? {};
    if (this.#form && user?.id !== this.#openedBy) this.#close();
    if (user?.id !== this.#listedFor) {
      this.tasks = this.handingOn = undefined;
      this.#notices.forget();
    }
    this.#listedFor = user?.id;
  };

  /** Reads the list again. */
  async refresh(): Promise<void> {
    if (this.#runtime) this.#take(await this.#runtime.tasks());
  }

  #take(tasks: readonly TaskView[]): void {
    this.tasks = tasks.filter((t) => !this.flow || t.flow === this.flow).sort(byUrgency);
    if (this.notify) this.#notices.look(this.tasks, this.#runtime?.user);
    const { opened } = this;
    const current = opened && this.tasks.find((t) => t.id === opened.id);
    if (current) {
      this.opened = current;
      if (this.#form) this.#form.task = current;
    } else if (opened && !this.#form?.isEdited) {
      this.#close();
      this.#announce('task-gone', opened);
    }
    this.problems = Object.fromEntries(
      Object.entries(this.problems).filter(([id]) => this.tasks!.some((t) => t.id === id)),
    );
  }

  // -- what is shown -----------------------------------------------------------------------------------------------------

  protected override render(): TemplateResult {
    const { tasks, opened, problems } = this;
    const isGone = opened !== undefined && !tasks?.some((t) => t.id === opened.id);
    const list = this.#list;
    // An open form stays, whatever people look for meanwhile.
    const isApart = opened !== undefined && !list.shown.some((t) => t.id === opened.id);
    const shown = [...(isApart ? [opened] : []), ...list.shown];
    const isSearched = tasks !== undefined && tasks.length > 0 && list.count === 0;
    return html`
      <p class="silent" role="status">${this.announcement}</p>
      ${problems[''] ? html`<p part="error" role="alert">${problems['']}</p>` : nothing}
      ${tasks === undefined && !problems[''] ? html`<p part="empty">${text(this, 'loading')}</p>` : nothing}
      ${this.filterable && (tasks?.length ?? 0) > 0 ? searchBar(this, this.#wanted, (to) => this.#seek(to)) : nothing}
      ${isSearched ? html`<p part="empty">${text(this, 'none-found')}</p>` : nothing}
      ${tasks && shown.length === 0 && !isSearched ? html`<p part="empty" tabindex="-1"><slot name="empty">${text(this, 'no-tasks')}</slot></p>` : nothing}
      ${
        shown.length > 0
          ? html`<ul part="list" aria-label=${text(this, 'tasks')}>
              ${repeat(
                shown,
                (t) => t.id,
                (t) => this.#item(t, isGone && t === opened),
              )}
            </ul>`
          : nothing
      }
      ${this.notify && permission() === 'default' ? this.#notifyButton() : nothing}
      ${pager(this, list, this.pageSize, (page) => this.#seek({ page }))}
    `;
  }

  /** Browsers ask people only when these have pressed something. */
  #notifyButton(): TemplateResult {
    const request = (): void => void Notification.requestPermission().then(() => this.requestUpdate());
    return html`<p part="notify">
      <button type="button" part="button" @click=${request}>${text(this, 'notify')}</button>
    </p>`;
  }

  /** Says what was found when somebody looks for it, not when the list changes by itself. */
  #seek(to: Partial<ListQuery>): void {
    this.query = { ...this.query, ...to };
    this.announcement = rangeOf(this, this.#list, this.pageSize);
  }

  get #wanted(): ListQuery {
    return { ...this.query, size: this.pageSize };
  }

  get #list(): ListPage {
    return pageOf(this.tasks ?? [], this.#wanted, this.#runtime?.user, Date.now());
  }

  #item(task: TaskView, isGone: boolean): TemplateResult {
    const isOpen = this.opened?.id === task.id;
    return taskItem(this, {
      task,
      user: this.#runtime?.user,
      isOpen,
      isGone,
      problem: this.problems[task.id] ?? (isGone ? text(this, 'task-over') : undefined),
      people: this.people,
      isHandingOn: this.handingOn === task.id,
      act: (action) => this.#act(task, action),
      handOn: (to) => void this.#handOn(task, to),
    });
  }

  #act(task: TaskView, action: TaskAction): void {
    if (action === 'open') return this.open(task);
    if (action === 'close-form') return this.#dismiss(task);
    if (action !== 'delegate') return void this.#command(task, action);
    const isClosing = this.handingOn === task.id;
    this.handingOn = isClosing ? undefined : task.id;
    if (isClosing) this.#focusOn(task);
    else void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[name="to"]')?.focus());
  }

  async #handOn(task: TaskView, to: string): Promise<void> {
    if (!(await this.#try(task, () => this.#runtime!.delegate(task.id, to)))) return;
    this.handingOn = undefined;
    this.#announce('task-delegated', task);
    if (this.opened?.id === task.id) this.#close();
    await this.refresh();
    this.#focusOn(this.tasks?.find(({ id }) => id === task.id) ?? this.tasks?.[0]);
  }

  // -- what people do ----------------------------------------------------------------------------------------------------

  /** Shows the form of a task and puts the focus into it. */
  open(task: TaskView): void {
    this.#close();
    const form = document.createElement('task-form');
    form.slot = 'form';
    form.task = task;
    form.runtime = this.#runtime;
    form.noDraft = this.noDraft;
    form.noClaim = this.noClaim;
    form.schemaElement = this.schemaElement;
    form.addEventListener('task-complete', () => this.#completed(task, 'task-done'));
    form.addEventListener('task-skip', () => this.#completed(task, 'task-skipped'));
    this.#form = form;
    this.#openedBy = this.#runtime?.user?.id;
    this.opened = task;
    this.append(form);
    this.dispatchEvent(new CustomEvent('task-open', { detail: { task, form }, bubbles: true, composed: true }));
    void this.updateComplete.then(() => form.updateComplete).then(() => form.focus());
  }

  #close(): void {
    this.#form?.remove();
    this.#form = undefined;
    this.opened = undefined;
  }

  #dismiss(task: TaskView): void {
    this.#close();
    this.#focusOn(task);
  }

  #completed(task: TaskView, said: 'task-done' | 'task-skipped'): void {
    const next = this.tasks?.[this.tasks.findIndex((t) => t.id === task.id) + 1];
    this.#close();
    this.tasks = this.tasks?.filter((t) => t.id !== task.id);
    this.#announce(said, task);
    this.#focusOn(next ?? this.tasks?.[0]);
    void this.refresh().catch(() => {});
  }

  async #command(task: TaskView, type: 'claim' | 'release'): Promise<void> {
    if (!(await this.#try(task, () => this.#runtime![type](task.id)))) return;
    this.#announce(type === 'claim' ? 'task-taken' : 'task-released', task);
    await this.refresh();
  }

  /** Says at the task why it is refused. Resolves to whether it went well. */
  async #try(task: TaskView, act: () => Promise<void>): Promise<boolean> {
    const { [task.id]: _, ...others } = this.problems;
    this.problems = others;
    try {
      await act();
      return true;
    } catch (thrown) {
      const error = explained(this, thrown);
      await this.refresh().catch(() => {});
      const by = this.tasks?.find((t) => t.id === task.id)?.claimedBy;
      const message =
        error.code === 'FLOW-TASK-TAKEN' && by !== undefined ? text(this, 'task-taken-by', { user: by }) : error.text;
      this.problems = { ...this.problems, [this.tasks?.some((t) => t.id === task.id) ? task.id : '']: message };
      this.dispatchEvent(new CustomEvent('task-error', { detail: { task, error }, bubbles: true, composed: true }));
      return false;
    }
  }

  #announce(key: TextKey, task: TaskView): void {
    this.announcement = text(this, key, { task: task.name });
  }

  /** What had the focus has gone: it goes to the task, or to the word that there is none. */
  #focusOn(task: TaskView | undefined): void {
    void this.updateComplete.then(() => {
      const item = task && this.renderRoot.querySelector(`li[data-task="${CSS.escape(task.id)}"]`);
      const place =
        item?.querySelector<HTMLElement>('.primary') ??
        this.renderRoot.querySelector<HTMLElement>('[part="button"], [part="empty"]');
      place?.focus();
    });
  }
}
