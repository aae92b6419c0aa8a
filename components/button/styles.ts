// Looks of the rendered button. A wrapped button keeps its own.
import { css, type CSSResult } from '@lit/reactive-element';

export const styles: CSSResult = css`
  :host {
    display: inline-block;
    vertical-align: middle;
    max-inline-size: 100%;
  }
  :host([hidden]) {
    display: none;
  }
  button {
    font: inherit;
    cursor: pointer;
  }
  [part='button'] {
    min-block-size: 2.4em;
    padding: var(--flow-button-padding, 0.45em 1.1em);
    border: var(--flow-button-border, 1px solid transparent);
    border-radius: var(--flow-button-radius, 0.4em);
    background: var(--flow-button-background, light-dark(#1d5fbf, #8ab4f8));
    color: var(--flow-button-color, light-dark(#fff, #10131a));
  }
  [part='button']:hover {
    filter: brightness(0.92);
  }
  :disabled,
  [aria-disabled='true'] {
    opacity: 0.65;
    cursor: default;
  }
  button:focus-visible {
    outline: 3px solid var(--flow-focus, light-dark(#1d5fbf, #8ab4f8));
    outline-offset: 2px;
  }
  @media (forced-colors: active) {
    [part='button'] {
      border-color: ButtonText;
    }
  }
`;
