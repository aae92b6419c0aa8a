// Turns what people and browsers do with a button into presses: clicks, Enter in a field, `submit` of the form, whichever
// comes first. A press that cannot be goes no further, not even to the page's own listeners.
import { isSubmit } from './own-button.js';

export interface TriggerTarget extends HTMLElement {
  readonly button: HTMLElement | undefined;
  /** The button that the page brings along. */
  readonly ownButton: HTMLElement | undefined;
  /** Whether a press would do nothing. */
  readonly isClosed: boolean;
  /** Takes away what makes fields invalid since the last press; the browser validates before `submit`. */
  readonly clearFaults: (() => void) | undefined;
  /** `isValid`: the browser has validated the form. */
  pressed(isValid: boolean): void;
}

export class Trigger implements EventListenerObject {
  readonly #target: TriggerTarget;
  /** Stands in for a button in a shadow root where only a button in the form itself counts: Enter in a field, `:default`. */
  #standIn: HTMLInputElement | undefined;
  #form: HTMLFormElement | null = null;
  /** The click being dispatched; buttons of design systems send the form from inside it, or a task later. */
  #click: { isHandled: boolean } | undefined;

  constructor(target: TriggerTarget) {
    this.#target = target;
    // Made on a click's way down, it hears of it on its way up, after the page's own listeners.
    target.addEventListener('click', this);
  }

  /** Follows the element into and out of forms. */
  listenTo(form: HTMLFormElement | null): void {
    if (form === this.#form) return;
    this.#form?.removeEventListener('submit', this);
    this.#form = form;
    form?.addEventListener('submit', this);
  }

  handleEvent(event: Event): void {
    if (event.type === 'submit') this.#onSubmit(event as SubmitEvent);
    else this.#onClick(event);
  }

  /** Puts the stand-in there or takes it away. `formId`: the form named by the element's `form` attribute. */
  standIn(isNeeded: boolean, formId: string | undefined): void {
    if (!isNeeded) {
      this.#standIn?.remove();
      this.#standIn = undefined;
      return;
    }
    if (!this.#standIn) {
      // An input, so that nobody who looks for the button finds it; in no slot, so that nobody sees it.
      this.#standIn = Object.assign(document.createElement('input'), {
        type: 'submit',
        hidden: true,
        slot: 'stand-in',
      });
      this.#target.append(this.#standIn);
    }
    if (formId) this.#standIn.setAttribute('form', formId);
    this.#standIn.disabled = this.#target.matches(':disabled');
  }

  #isMeant(event: Event): boolean {
    const path = event.composedPath();
    return path[0] === this.#target || [this.#target.button, this.#standIn].some((b) => b && path.includes(b));
  }

  /** A click on its way down. */
  onClickFirst(event: Event): void {
    if (!this.#isMeant(event)) return;
    if (this.#target.isClosed) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    this.#target.clearFaults?.();
    const click = { isHandled: false };
    this.#click = click;
    setTimeout(() => this.#click === click && (this.#click = undefined));
  }

  #onClick(event: Event): void {
    if (event.defaultPrevented || this.#click?.isHandled || !this.#isMeant(event)) return;
    const { ownButton } = this.#target;
    if (this.#form && ownButton && isSubmit(ownButton)) return; // The form validates and says `submit`.
    // A click on the stand-in is the browser's own way to say Enter; `submit` follows.
    if (this.#form && this.#standIn && event.composedPath()[0] === this.#standIn) return;
    if (this.#form && this.#standIn && !ownButton) return this.#form.requestSubmit(this.#standIn);
    event.preventDefault();
    this.#press(false);
  }

  #onSubmit(event: SubmitEvent): void {
    if (event.defaultPrevented || (!this.#click && !this.#target.contains(event.submitter))) return;
    event.preventDefault();
    if (!this.#click?.isHandled) this.#press(true);
  }

  #press(isValid: boolean): void {
    if (this.#click) this.#click.isHandled = true;
    this.#target.pressed(isValid);
  }
}
