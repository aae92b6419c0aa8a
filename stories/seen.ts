// What a person sees of the components, for play functions.
import type { FlowButton, ProcessButton } from '../components/index.js';

/** The modal dialog of blocking flows, when it is there. */
export function overlay(): HTMLDialogElement | undefined {
  return document.querySelector('millrace-overlay')?.shadowRoot?.querySelector('dialog') ?? undefined;
}

/** The dialog, once its panel can be seen. */
export function panel(): HTMLDialogElement | undefined {
  const dialog = overlay();
  return dialog?.hasAttribute('data-visible') && dialog.querySelector('h2') ? dialog : undefined;
}

export function question(): HTMLDialogElement | undefined {
  return document.querySelector('millrace-question')?.shadowRoot?.querySelector('dialog') ?? undefined;
}

export function buttonIn(place: ParentNode | undefined, label: string): HTMLButtonElement | undefined {
  return [...(place?.querySelectorAll('button') ?? [])].find((b) => b.textContent!.trim() === label);
}

/** What is said politely beside a button. */
export function statusOf(element: FlowButton | ProcessButton): string {
  return element.shadowRoot?.querySelector('[role="status"]')?.textContent ?? '';
}

/** What is said as an alert beside a button. */
export function alertOf(element: FlowButton | ProcessButton): string {
  return element.shadowRoot?.querySelector('[role="alert"]')?.textContent ?? '';
}
