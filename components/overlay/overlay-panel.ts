// What the blocking overlay shows: a title, what is happening, progress, and what one can do about it. Drawn into the
// dialog that `blocking-overlay.ts` keeps. The live region is inside it, because assistive technology ignores what is
// outside a modal; it speaks of a new activity, not of every count.
import { css, html, nothing, render } from 'lit';
import type { OverlayState } from './blocking-overlay.js';

const styles = css`
  dialog {
    box-sizing: border-box;
    inline-size: min(26rem, calc(100vw - 2rem));
    max-block-size: calc(100vh - 2rem);
    padding: 1.5rem;
    border: 1px solid var(--flow-overlay-border, color-mix(in srgb, CanvasText 18%, transparent));
    border-radius: var(--flow-overlay-radius, 0.75rem);
    outline: 0;
    background: var(--flow-overlay-background, Canvas);
    color: var(--flow-overlay-color, CanvasText);
    font: var(--flow-overlay-font, inherit);
    line-height: 1.5;
    text-align: start;
    box-shadow: 0 1rem 3rem rgb(0 0 0 / 0.3);
  }
  dialog::backdrop {
    background: var(--flow-overlay-backdrop, rgb(0 0 0 / 0.45));
  }
  h2 {
    margin: 0 0 0.5rem;
    font-size: 1.125em;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  p {
    margin: 0;
    overflow-wrap: anywhere;
  }
  p:not([data-answer]) {
    min-block-size: 1.5em;
  }
  progress {
    display: block;
    inline-size: 100%;
    block-size: 0.5rem;
    margin-block: 0.75rem 0.25rem;
    accent-color: var(--flow-accent, light-dark(#1d5fbf, #8ab4f8));
  }
  .count {
    font-size: 0.875em;
    opacity: 0.8;
    font-variant-numeric: tabular-nums;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    justify-content: end;
    margin-block-start: 1.25rem;
  }
  button {
    min-block-size: 2.5rem;
    padding: 0.4em 1.1em;
    border: 1px solid color-mix(in srgb, CanvasText 35%, transparent);
    border-radius: var(--flow-overlay-button-radius, 0.4rem);
    background: transparent;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  button:hover {
    background: color-mix(in srgb, CanvasText 8%, transparent);
  }
  button.primary {
    border-color: transparent;
    background: var(--flow-accent, light-dark(#1d5fbf, #8ab4f8));
    color: var(--flow-accent-text, light-dark(#fff, #10131a));
  }
  button[aria-disabled='true'] {
    opacity: 0.6;
    cursor: default;
  }
  button:focus-visible {
    outline: 3px solid var(--flow-focus, light-dark(#1d5fbf, #8ab4f8));
    outline-offset: 2px;
  }
  @media (prefers-reduced-motion: no-preference) {
    dialog[data-visible] {
      animation: appear 120ms ease-out;
    }
    @keyframes appear {
      from {
        opacity: 0;
        transform: translateY(0.5rem);
      }
    }
  }
  @media (prefers-reduced-motion: reduce) {
    progress:indeterminate {
      appearance: none;
      background: currentColor;
      opacity: 0.3;
    }
  }
  @media (forced-colors: active) {
    dialog {
      border: 2px solid CanvasText;
    }
    button,
    button.primary {
      border: 1px solid ButtonText;
      background: ButtonFace;
      color: ButtonText;
    }
  }
`;

const answered = new WeakMap<HTMLDialogElement, boolean>();

export function drawPanel(dialog: HTMLDialogElement, state: OverlayState): void {
  adopt(dialog);
  const { language, title = '', message = '', progress, actions = [], needsAnswer = false } = state;
  if (language !== undefined) dialog.lang = language;
  dialog.setAttribute('aria-label', title);
  dialog.setAttribute('role', needsAnswer ? 'alertdialog' : 'dialog');
  // What it asks is read with its name; what is going on is the live region's to say.
  if (needsAnswer && message) dialog.setAttribute('aria-describedby', 'message');
  else dialog.removeAttribute('aria-describedby');
  render(
    html`
      <h2 part="title">${title}</h2>
      <p part="message" id="message" role="status" ?data-answer=${needsAnswer}>${message}</p>
      ${
        needsAnswer
          ? nothing
          : progress && progress.total > 1
            ? html`<progress
                  part="progress"
                  aria-label=${title}
                  max=${progress.total}
                  .value=${progress.done}
                ></progress>
                <span class="count" part="count">${progress.text}</span>`
            : html`<progress part="progress" aria-label=${title}></progress>`
      }
      <div class="actions" part="actions">
        ${actions.map(
          (action) =>
            html`<button
              type="button"
              part="action"
              class=${action.primary ? 'primary' : nothing}
              aria-disabled=${action.disabled ? 'true' : nothing}
              @click=${action.disabled ? nothing : action.run}
            >
              ${action.label}
            </button>`,
        )}
      </div>
    `,
    dialog,
  );
  if (needsAnswer && !answered.get(dialog)) dialog.querySelector<HTMLElement>('button')?.focus({ preventScroll: true });
  // An action that has gone takes the focus with it; the keyboard must stay inside.
  else if (!dialog.contains((dialog.getRootNode() as ShadowRoot).activeElement)) dialog.focus({ preventScroll: true });
  answered.set(dialog, needsAnswer);
}

function adopt(dialog: HTMLDialogElement): void {
  const root = dialog.getRootNode() as ShadowRoot;
  const sheet = styles.styleSheet;
  if (sheet && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
