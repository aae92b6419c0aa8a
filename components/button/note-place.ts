// What a button has to say, beside it: politely what is going on, as an alert what went wrong, with a way to try again.
// Loaded and put there with the first press, before there is anything to say, because assistive technology listens only to
// live regions it knows.
import type { ButtonNote } from './press.js';
import { sheetOf } from './surroundings.js';

export class NotePlace {
  readonly #status = element('span', 'status');
  readonly #spinner = element('span', 'spinner');
  readonly #words = document.createElement('span');
  readonly #error = element('span', 'error');
  readonly #message = element('span', 'message');
  readonly #retry = element('button', 'retry');

  constructor(root: ShadowRoot, onRetry: () => void) {
    this.#status.setAttribute('role', 'status');
    this.#error.setAttribute('role', 'alert');
    this.#spinner.setAttribute('aria-hidden', 'true');
    this.#retry.type = 'button';
    this.#retry.addEventListener('click', onRetry);
    this.#status.append(this.#words);
    root.append(this.#status, this.#error);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheetOf(root.ownerDocument, styles)];
  }

  show(isBusy: boolean, note: ButtonNote | undefined): void {
    if (!isBusy) this.#spinner.remove();
    else if (!this.#spinner.isConnected) this.#status.prepend(this.#spinner);
    const { failure, text = '', isSilent = false, retry } = note ?? {};
    this.#words.className = isSilent ? 'silent' : '';
    say(this.#words, failure ? '' : text);
    if (!failure) return this.#error.replaceChildren();
    say(this.#message, text);
    say(this.#retry, retry ?? '');
    if (!this.#message.isConnected) this.#error.append(this.#message);
    if (!retry) this.#retry.remove();
    else if (!this.#retry.isConnected) this.#error.append(this.#retry);
  }
}

function element<K extends 'button' | 'span'>(tag: K, part: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.part.add(part);
  return made;
}

/** Leaves alone what says it already, so that a live region speaks only of news. */
function say(place: HTMLElement, words: string): void {
  if (place.textContent !== words) place.textContent = words;
}

const styles = `
  :host {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5em 0.6em;
  }
  [part='status'],
  [part='error'] {
    font-size: 0.925em;
    overflow-wrap: anywhere;
  }
  [part='status'] {
    display: inline-flex;
    align-items: center;
    gap: 0.5em;
  }
  [part='error']:empty,
  [part='status']:not(:has([part='spinner'], span:not(.silent, :empty))) {
    position: absolute;
  }
  [part='error'] {
    color: var(--flow-error-color, light-dark(#a3161b, #ffb4ab));
  }
  [part='error']:not(:empty) {
    display: inline-flex;
    flex-wrap: wrap;
    gap: 0 0.75em;
    align-items: baseline;
  }
  [part='retry'] {
    padding: 0.3em 0;
    border: 0;
    background: none;
    color: inherit;
    text-decoration: underline;
  }
  [part='spinner'] {
    box-sizing: border-box;
    inline-size: 1em;
    block-size: 1em;
    border: 0.15em solid color-mix(in srgb, currentColor 25%, transparent);
    border-block-start-color: currentColor;
    border-radius: 50%;
    /* A quick flow shows no sign at all. */
    animation:
      appear 0s 200ms backwards,
      turn 0.9s linear infinite;
  }
  .silent {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @keyframes appear {
    from {
      visibility: hidden;
    }
    to {
      visibility: hidden;
    }
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    [part='spinner'] {
      animation: appear 0s 200ms backwards;
      border-style: dotted;
    }
  }
  @media (forced-colors: active) {
    /* Forced to one colour, a ring would not be seen to turn. */
    [part='spinner'] {
      forced-color-adjust: none;
      border-color: CanvasText;
      border-block-start-color: transparent;
    }
    [part='error'] {
      border-inline-start: 3px solid;
      padding-inline-start: 0.4em;
    }
  }
`;
