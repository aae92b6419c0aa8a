import { css, type CSSResult } from 'lit';

export const styles: CSSResult = css`
  :host {
    display: block;
  }
  :host([hidden]) {
    display: none;
  }
  ul {
    display: grid;
    gap: var(--process-tasks-gap, 0.75rem);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    padding: 0.9rem 1rem;
    border: var(--process-tasks-border, 1px solid color-mix(in srgb, currentColor 22%, transparent));
    border-radius: var(--process-tasks-radius, 0.5rem);
    background: var(--process-tasks-background, transparent);
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 0.6rem 1rem;
    align-items: center;
    justify-content: space-between;
  }
  .words {
    display: grid;
    gap: 0.15rem;
    flex: 1 1 14rem;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  [part='name'] {
    font-weight: 600;
  }
  [part='note'],
  [part='due'] {
    font-size: 0.9em;
  }
  [part='note'] {
    opacity: 0.85;
  }
  .late,
  [part='error'] {
    color: var(--flow-error-color, light-dark(#a3161b, #ffb4ab));
  }
  [part='actions'] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  .soon {
    color: var(--flow-warning-color, light-dark(#8a4b00, #ffcf8b));
  }
  [part='hand-on'] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    align-items: end;
    margin-block-start: 0.75rem;
  }
  [part='hand-on'] label {
    display: grid;
    gap: 0.25rem;
    flex: 0 1 16rem;
    font-size: 0.9em;
  }
  [part='notify'] {
    margin-block: 0.75rem 0;
  }
  [part='empty'] {
    margin: 0;
    padding: 0.25rem 0;
  }
  [part='empty']:focus {
    outline: none;
  }
  [part='error'] {
    margin-block: 0.5rem 0;
  }
  .none {
    display: none;
  }
  button {
    min-block-size: 2.3em;
    padding: 0.35em 0.95em;
    border: 1px solid color-mix(in srgb, currentColor 35%, transparent);
    border-radius: var(--flow-button-radius, 0.4em);
    background: transparent;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  [part='filters'],
  [part='pages'] {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    align-items: center;
  }
  [part='filters'] {
    margin-block-end: 0.75rem;
  }
  [part='pages'] {
    margin-block-start: 0.75rem;
  }
  input,
  select {
    min-block-size: 2.3em;
    box-sizing: border-box;
    max-inline-size: 100%;
    padding: 0.35em 0.6em;
    border: 1px solid color-mix(in srgb, currentColor 55%, transparent);
    border-radius: var(--flow-button-radius, 0.4em);
    background: Canvas;
    color: CanvasText;
    font: inherit;
  }
  button[aria-disabled='true'] {
    opacity: 0.65;
    cursor: default;
  }
  button:hover {
    background: color-mix(in srgb, currentColor 8%, transparent);
  }
  button.primary {
    border: var(--flow-button-border, 1px solid transparent);
    background: var(--flow-button-background, light-dark(#1d5fbf, #8ab4f8));
    color: var(--flow-button-color, light-dark(#fff, #10131a));
  }
  :is(button, input, select):focus-visible {
    outline: 3px solid var(--flow-focus, light-dark(#1d5fbf, #8ab4f8));
    outline-offset: 2px;
  }
  ::slotted([slot='form']) {
    margin-block-start: 1rem;
    padding-block-start: 1rem;
    border-block-start: 1px solid color-mix(in srgb, currentColor 15%, transparent);
  }
  .silent {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (forced-colors: active) {
    button,
    button.primary {
      border: 1px solid ButtonText;
    }
    .late,
    .soon {
      font-weight: bold;
    }
  }
`;
