// What a button does where its words cannot be loaded: the page is offline.
import type { RunFailure } from './press.js';

export function notLoaded(button: HTMLElement, cause: unknown): RunFailure {
  const text =
    button.getAttribute('message-not-loaded') ?? 'This could not be loaded. Check the connection and try again.';
  return { code: 'FLOW-NOT-LOADED', message: String(cause), text, canRetry: true, cause };
}

/** Stands beside the button until the next press. */
export function alertSaying(text: string): HTMLElement {
  return Object.assign(document.createElement('p'), { role: 'alert', textContent: text });
}

/** Asks first; without the dialog of ours the browser's own question will do. */
export async function isConfirmed(button: HTMLElement, question: string): Promise<boolean> {
  const words = await import('../overlay/ask.js').catch(() => undefined);
  return words ? words.ask(button, question) : globalThis.confirm(question);
}
