// `<task-form>`: the form of one task, in the light DOM, where the page's own styles and scripts reach it. The author's
// `<template>`, a custom element, fields from a JSON Schema, or nothing but a button.
import { ReactiveElement, type PropertyDeclarations, type PropertyValues } from '@lit/reactive-element';
import type { JsonObject, Runtime, TaskView } from '../../src/runtime/index.js';
import { explained } from '../button/explain.js';
import type { RunFailure } from '../button/press.js';
import { refuseFields } from '../button/refuse-fields.js';
import { runtimeOf } from '../flow-provider/runtime-of.js';
import { heldBy, readFields, type FieldSnapshot } from '../forms/read-fields.js';
import { fillPlaces } from '../forms/show-data.js';
import { writeFields } from '../forms/write-fields.js';
import { text } from '../localisation.js';
import { Draft, type CustomForm } from './draft.js';
import { layout } from './layout.js';
import { othersPlace, sayOthers } from './others.js';
import { schemaFields } from './schema-fields.js';
import { skipButton, taskActions } from './task-actions.js';

/**
 * Lets the user do one task.
 *
 * A button of the author's template that has a name is an outcome: `<button name="approved" value="true">` completes the
 * task with `approved: true` besides the fields. Without any button one is added.
 *
 * What has been entered is kept in this browser until the task is done, and is there again after a reload: the fields, and
 * the `value` of a custom element that says by `input` or `change` events that it was edited.
 *
 * The `outcomes` of the task are buttons, unless the template has its own. Who begins to fill it in takes the task, so that
 * two people learn of each other then and not in the end.
 *
 * @tag task-form
 * @attr {string} schema-element - Name of a custom element that makes the form of a JSON Schema, given as its `schema`. Default: native fields.
 * @attr {boolean} no-claim - Present: the task is not taken by who begins to fill it in.
 * @attr {boolean} no-draft - Present: nothing that is entered is kept.
 * @fires task-complete - The task is done. Detail `{ task, output }`.
 * @fires task-skip - The task was left out. Detail `{ task }`.
 * @fires task-error - It could not be completed; what was entered stays. Detail `{ task, error }`.
 */
export class TaskForm extends ReactiveElement {
  static override properties: PropertyDeclarations = {
    task: { attribute: false },
    noDraft: { type: Boolean, attribute: 'no-draft' },
    noClaim: { type: Boolean, attribute: 'no-claim' },
    schemaElement: { attribute: 'schema-element' },
  };

  /** Completes the task. Default: that of the provider around it, or of the page. */
  runtime: Runtime | undefined;

  /** The task, as `runtime.tasks()` gives it. The form is built anew when it is another task, never for news of the same. */
  declare task: TaskView | undefined;
  declare noDraft: boolean;
  declare noClaim: boolean;
  declare schemaElement: string | undefined;
  #form: HTMLFormElement | undefined;
  #snapshot: FieldSnapshot | undefined;
  #custom: CustomForm | undefined;
  #isCustomEdited = false;
  #error: HTMLElement | undefined;
  #draft: Draft | undefined;
  #clearFaults: (() => void) | undefined;
  #isSending = false;
  /** Tells others that the form is no longer open here. */
  #leave: (() => void) | undefined;
  /** Id of the task that has been asked for by beginning it. */
  #claimed: string | undefined;

  get form(): HTMLFormElement | undefined {
    return this.#form;
  }

  /** Whether somebody has entered something. */
  get isEdited(): boolean {
    if (this.#isCustomEdited) return true;
    return [...(this.#snapshot?.before ?? [])].some(([field, before]) => heldBy(field) !== before);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    adoptLayout(this.getRootNode());
    // Moved in the page, it has the same form as before.
    if (this.#form) this.#attend();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
    this.#leave = undefined;
  }

  /** Says who else has the task open. */
  #attend(): void {
    const { task } = this;
    this.#leave?.();
    const form = this.#form!;
    const runtime = this.runtime ? Promise.resolve(this.runtime) : runtimeOf(this);
    const place = form.querySelector<HTMLElement>('.task-form-others')!;
    let isOver = false;
    this.#leave = () => (isOver = true);
    void runtime.then((around) => {
      if (isOver || !task) return;
      this.#leave = around.attend(task.id, (others) => sayOthers(this, place, others, around.user));
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('task')) return;
    if (changed.get('task')?.id === this.task?.id) return this.#tellTaken(changed.get('task')?.claimedBy);
    this.#form?.remove();
    this.#leave?.();
    this.#isCustomEdited = false;
    this.#form = this.task && this.#build(this.task);
    if (!this.#form) return;
    this.append(this.#form);
    this.#snapshot = readFields(this.#form);
    this.#custom = this.#form.querySelector<CustomForm>('.task-form-custom') ?? undefined;
    this.#draft = undefined;
    this.#follow(this.#form, this.#snapshot, this.#custom);
    this.#attend();
    if (!this.noDraft) void this.#keepDraft(this.#form, this.task!);
  }

  async #keepDraft(form: HTMLFormElement, task: TaskView): Promise<void> {
    const { user } = this.runtime ?? (await runtimeOf(this));
    const custom = this.#custom;
    if (custom) await customElements.whenDefined(custom.localName);
    if (form !== this.#form) return;
    const draft = new Draft(task.id, user?.id);
    this.#draft = draft;
    const isRestored = draft.restore(form, this.#snapshot!, this.#isCustomEdited ? undefined : custom);
    if (isRestored) {
      this.#isCustomEdited ||= custom !== undefined;
      this.#tellDraft(form);
    }
    // Somebody may have been quicker than this.
    if (this.isEdited) draft.save(form, this.#snapshot!, this.#isCustomEdited ? custom : undefined);
  }

  /** Notices what is entered. */
  #follow(form: HTMLFormElement, before: FieldSnapshot, custom: CustomForm | undefined): void {
    const entered = ({ target }: Event): void => {
      if (target === custom) this.#isCustomEdited = true;
      if (form !== this.#form) return;
      this.#draft?.save(form, before, this.#isCustomEdited ? custom : undefined);
      void this.#claim();
    };
    form.addEventListener('input', entered);
    form.addEventListener('change', entered);
  }

  /** Takes the task for who begins to fill it in; says so at once when somebody else was quicker. */
  async #claim(): Promise<void> {
    const { task } = this;
    if (!task || this.noClaim || this.#claimed === task.id || task.claimedBy !== undefined) return;
    this.#claimed = task.id;
    const runtime = this.runtime ?? (await runtimeOf(this));
    if (!runtime.user) return;
    try {
      await runtime.claim(task.id);
    } catch (thrown) {
      const error = explained(this, thrown);
      this.#say(error);
      this.dispatchEvent(new CustomEvent('task-error', { detail: { task, error }, bubbles: true, composed: true }));
    }
  }

  /** Somebody else has taken what is open here. */
  #tellTaken(before: string | undefined): void {
    const user = this.task?.claimedBy;
    if (user === undefined || user === before || user === this.runtime?.user?.id) return;
    if (this.#error) this.#error.textContent = text(this, 'task-begun-by', { user });
  }

  /** Leaves the task out, where its flow allows that. Resolves to whether that went well. */
  skip(): Promise<boolean> {
    return this.#send('task-skip', {}, (runtime, task) => runtime.skip(task.id));
  }

  /** Says that what stands in the fields is not new, with a way back to how the task came. */
  #tellDraft(form: HTMLFormElement): void {
    const note = Object.assign(document.createElement('p'), { className: 'task-form-draft' });
    note.setAttribute('role', 'status');
    const discard = Object.assign(document.createElement('button'), {
      type: 'button',
      textContent: text(this, 'draft-discard'),
    });
    discard.addEventListener('click', () => {
      this.#draft?.forget();
      this.#form = undefined;
      form.remove();
      // Built anew from the task, as if it had just been opened.
      this.requestUpdate('task', undefined);
      void this.updateComplete.then(() => this.focus());
    });
    form.prepend(note);
    // A live region speaks of what is added to it.
    note.append(`${text(this, 'draft-restored')} `, discard);
  }

  override focus(options?: FocusOptions): void {
    this.#form
      ?.querySelector<HTMLElement>(
        'input:not([type="hidden"], :disabled), select, textarea, button:not(.task-form-draft *)',
      )
      ?.focus(options);
  }

  /** Completes the task with this output. Resolves to whether that went well. */
  complete(output: JsonObject): Promise<boolean> {
    return this.#send('task-complete', { output }, (runtime, task) => runtime.complete(task.id, output));
  }

  async #send(
    event: 'task-complete' | 'task-skip',
    detail: object,
    send: (runtime: Runtime, task: TaskView) => Promise<void>,
  ): Promise<boolean> {
    const { task } = this;
    if (!task || this.#isSending) return false;
    this.#busy(true);
    try {
      await send(this.runtime ?? (await runtimeOf(this)), task);
      this.#draft?.forget();
      this.dispatchEvent(told(event, { task, ...detail }));
      return true;
    } catch (thrown) {
      const error = explained(this, thrown);
      this.#say(error);
      this.dispatchEvent(new CustomEvent('task-error', { detail: { task, error }, bubbles: true, composed: true }));
      return false;
    } finally {
      this.#busy(false);
    }
  }

  #build(task: TaskView): HTMLFormElement {
    const form = document.createElement('form');
    form.className = 'task-form';
    form.setAttribute('aria-label', task.name);
    form.append(othersPlace(), ...this.#content(task));
    if (!form.querySelector('button:not([type="button"], [type="reset"]), input[type="submit"]')) {
      form.append(taskActions(this, task));
    }
    if (task.skippable) form.append(skipButton(this, task, () => void this.skip()));
    this.#error = Object.assign(document.createElement('p'), { className: 'task-form-error', role: 'alert' });
    form.append(this.#error);
    writeFields(form, task.data);
    fillPlaces(form, task.data);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit(form, event.submitter);
    });
    return form;
  }

  #content(task: TaskView): (Node | string)[] {
    const { form } = task;
    if (form && typeof form === 'object' && this.schemaElement)
      return [this.#element(this.schemaElement, task, { schema: form })];
    if (typeof form !== 'string') return schemaFields(this, form);
    if (/^[a-z][\w.]*-[\w.-]*$/.test(form)) return [this.#element(form, task)];
    const template = this.#template(form);
    if (template) return [template.content.cloneNode(true)];
    console.error(
      `[millrace] There is no <template> "${form}" on this page for the task "${task.name}" of ${task.flow}.`,
    );
    return [Object.assign(document.createElement('p'), { textContent: text(this, 'form-missing') })];
  }

  #element(tag: string, task: TaskView, more: object = {}): HTMLElement {
    const given = { task, value: task.data, className: 'task-form-custom' };
    return Object.assign(document.createElement(tag), given, more);
  }

  #template(selector: string): HTMLTemplateElement | undefined {
    try {
      for (const root of [this.getRootNode() as Document | ShadowRoot, document]) {
        const found = root.querySelector(selector);
        if (found instanceof HTMLTemplateElement) return found;
      }
    } catch {
      // No selector: said with the task's name by the caller.
    }
    return undefined;
  }

  #submit(form: HTMLFormElement, submitter: HTMLElement | null): void {
    this.#clearFaults?.();
    const { task } = this;
    const { values } = readFields(form);
    const output: Record<string, JsonObject[string]> = { ...values };
    for (const group of form.querySelectorAll<HTMLElement>('[data-list]')) {
      const name = group.dataset['list']!;
      output[name] = [output[name] ?? []].flat() as JsonObject[string];
    }
    const custom = this.#custom?.value;
    if (typeof custom === 'object') Object.assign(output, custom);
    const outcome = submitter?.getAttribute('name');
    const value = submitter?.getAttribute('value') ?? '';
    if (outcome) output[outcome] = task?.outcomes && outcome === 'outcome' ? value : valueOf(value);
    void this.complete(output);
  }

  #say(error: RunFailure | undefined): void {
    if (this.#error) this.#error.textContent = error?.text ?? '';
    if (error?.fields && this.#form) this.#clearFaults = refuseFields(this.#form, error.fields);
  }

  #busy(isBusy: boolean): void {
    this.#isSending = isBusy;
    if (isBusy) this.#say(undefined);
    for (const button of this.#form?.querySelectorAll('button') ?? []) {
      if (isBusy) button.setAttribute('aria-disabled', 'true');
      else button.removeAttribute('aria-disabled');
    }
  }
}

/** `true` and `false` on an outcome button mean the booleans. */
function valueOf(value: string): string | boolean {
  return value === 'true' ? true : value === 'false' ? false : value;
}

function told(type: 'task-complete' | 'task-skip', detail: object): CustomEvent {
  return new CustomEvent(type, { detail, bubbles: true, composed: true });
}

function adoptLayout(root: Node): void {
  const sheet = layout.styleSheet;
  if (!sheet || !(root instanceof Document || root instanceof ShadowRoot) || root.adoptedStyleSheets.includes(sheet))
    return;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
