// What a button says when not even the words for what went wrong could be loaded.
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
