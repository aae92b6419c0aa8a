// `<task-form>`: the form of one task, in the light DOM, where the page's own styles and scripts reach it. The author's
// `<template>`, a custom element, fields from a JSON Schema, or nothing but a button.
import { css, ReactiveElement, type PropertyDeclarations, type PropertyValues } from '@lit/reactive-element';
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
import { schemaFields } from './schema-fields.js';

/**
 * Lets the user do one task.
 *
 * A button of the author's template that has a name is an outcome: `<button name="approved" value="true">` completes the
 * task with `approved: true` besides the fields. Without any button one is added.
 *
 * What has been entered is kept in this browser until the task is done, and is there again after a reload: the fields, and
 * the `value` of a custom element that says by `input` or `change` events that it was edited.
 *
 * @tag task-form
 * @attr {boolean} no-draft - Present: nothing that is entered is kept.
 * @fires task-complete - The task is done. Detail `{ task, output }`.
 * @fires task-error - It could not be completed; what was entered stays. Detail `{ task, error }`.
 */
export class TaskForm extends ReactiveElement {
  static override properties: PropertyDeclarations = {
    task: { attribute: false },
    noDraft: { type: Boolean, attribute: 'no-draft' },
  };

  /** Completes the task. Default: that of the provider around it, or of the page. */
  runtime: Runtime | undefined;

  /** The task, as `runtime.tasks()` gives it. The form is built anew when it is another task, never for news of the same. */
  declare task: TaskView | undefined;
  declare noDraft: boolean;
  #form: HTMLFormElement | undefined;
  #snapshot: FieldSnapshot | undefined;
  #custom: CustomForm | undefined;
  #isCustomEdited = false;
  #error: HTMLElement | undefined;
  #draft: Draft | undefined;
  #clearFaults: (() => void) | undefined;
  #isSending = false;

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
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('task') || changed.get('task')?.id === this.task?.id) return;
    this.#form?.remove();
    this.#isCustomEdited = false;
    this.#form = this.task && this.#build(this.task);
    if (!this.#form) return;
    this.append(this.#form);
    this.#snapshot = readFields(this.#form);
    this.#custom = this.#form.querySelector<CustomForm>('.task-form-custom') ?? undefined;
    this.#draft = undefined;
    this.#follow(this.#form, this.#snapshot, this.#custom);
    if (!this.noDraft) void this.#keepDraft(this.#form, this.task!);
  }

  async #keepDraft(form: HTMLFormElement, task: TaskView): Promise<void> {
    const { user } = this.runtime ?? (await runtimeOf(this));
    const custom = this.#custom;
    if (custom) await customElements.whenDefined(custom.localName);
    if (form !== this.#form) return;
    const draft = new Draft(task.id, user?.id);
    this.#draft = draft;
    if (!draft.restore(form, this.#snapshot!, this.#isCustomEdited ? undefined : custom)) return;
    this.#isCustomEdited ||= custom !== undefined;
    this.#tellDraft(form);
  }

  /** Notices what is entered. */
  #follow(form: HTMLFormElement, before: FieldSnapshot, custom: CustomForm | undefined): void {
    const entered = ({ target }: Event): void => {
      if (target === custom) this.#isCustomEdited = true;
      if (form === this.#form) this.#draft?.save(form, before, this.#isCustomEdited ? custom : undefined);
    };
    form.addEventListener('input', entered);
    form.addEventListener('change', entered);
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
  async complete(output: JsonObject): Promise<boolean> {
    const { task } = this;
    if (!task || this.#isSending) return false;
    this.#busy(true);
    try {
      await (this.runtime ?? (await runtimeOf(this))).complete(task.id, output);
      this.#draft?.forget();
      this.dispatchEvent(new CustomEvent('task-complete', { detail: { task, output }, bubbles: true, composed: true }));
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
    form.append(...this.#content(task));
    if (!form.querySelector('button:not([type="button"], [type="reset"]), input[type="submit"]')) {
      const actions = Object.assign(document.createElement('div'), { className: 'task-form-actions' });
      actions.append(
        Object.assign(document.createElement('button'), { type: 'submit', textContent: text(this, 'complete') }),
      );
      form.append(actions);
    }
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
    if (typeof form !== 'string') return schemaFields(this, form);
    if (/^[a-z][\w.]*-[\w.-]*$/.test(form))
      return [Object.assign(document.createElement(form), { task, value: task.data, className: 'task-form-custom' })];
    const template = this.#template(form);
    if (template) return [template.content.cloneNode(true)];
    console.error(
      `[millrace] There is no <template> "${form}" on this page for the task "${task.name}" of ${task.flow}.`,
    );
    return [Object.assign(document.createElement('p'), { textContent: text(this, 'form-missing') })];
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
    const { values } = readFields(form);
    const output: Record<string, JsonObject[string]> = { ...values };
    for (const group of form.querySelectorAll<HTMLElement>('[data-list]')) {
      const name = group.dataset['list']!;
      output[name] = [output[name] ?? []].flat() as JsonObject[string];
    }
    const custom = this.#custom?.value;
    if (typeof custom === 'object') Object.assign(output, custom);
    const outcome = submitter?.getAttribute('name');
    if (outcome) output[outcome] = valueOf(submitter!.getAttribute('value') ?? '');
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

// Without specificity, so that any rule of the page wins.
const layout = css`
  :where(task-form) {
    display: block;
  }
  :where(form.task-form) {
    display: grid;
    gap: 0.9rem;
    justify-items: start;
  }
  :where(.task-form-field) {
    display: grid;
    gap: 0.25rem;
    inline-size: min(100%, 28rem);
  }
  :where(.task-form-field > :is(input, select, textarea)) {
    font: inherit;
    padding: 0.4em 0.5em;
    inline-size: 100%;
    box-sizing: border-box;
  }
  :where(.task-form-box) {
    display: flex;
    gap: 0.5rem;
    align-items: baseline;
  }
  :where(.task-form-group) {
    border: 1px solid color-mix(in srgb, currentColor 25%, transparent);
    border-radius: 0.4rem;
  }
  :where(.task-form-hint) {
    opacity: 0.8;
  }
  :where(form + task-form, process-button + task-form) {
    margin-block-start: 1rem;
  }
  :where(.task-form-draft) {
    margin: 0;
  }
  :where(.task-form-error) {
    margin: 0;
    color: var(--flow-error-color, light-dark(#a3161b, #ffb4ab));
  }
  :where(.task-form-error:empty) {
    display: none;
  }
  :where(form.task-form button) {
    font: inherit;
    padding: 0.45em 1.1em;
    cursor: pointer;
  }
  :where(.task-form-actions > button) {
    border: var(--flow-button-border, 1px solid transparent);
    border-radius: var(--flow-button-radius, 0.4em);
    background: var(--flow-button-background, light-dark(#1d5fbf, #8ab4f8));
    color: var(--flow-button-color, light-dark(#fff, #10131a));
  }
  :where(form.task-form button[aria-disabled='true']) {
    opacity: 0.6;
    cursor: progress;
  }
`;

function adoptLayout(root: Node): void {
  const sheet = layout.styleSheet;
  if (!sheet || !(root instanceof Document || root instanceof ShadowRoot) || root.adoptedStyleSheets.includes(sheet))
    return;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
