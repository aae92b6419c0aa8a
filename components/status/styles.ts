// Looks that the elements about runs share.
import { css, type CSSResult } from 'lit';

export const styles: CSSResult = css`
  :host([hidden]) {
    display: none;
  }
  button {
    min-block-size: 2.2em;
    padding: 0.3em 0.85em;
    border: 1px solid color-mix(in srgb, currentColor 35%, transparent);
    border-radius: var(--flow-button-radius, 0.4em);
    background: transparent;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }
  button:hover {
    background: color-mix(in srgb, currentColor 8%, transparent);
  }
  button[aria-disabled='true'] {
    opacity: 0.65;
    cursor: default;
  }
  button:focus-visible {
    outline: 3px solid var(--flow-focus, light-dark(#1d5fbf, #8ab4f8));
    outline-offset: 2px;
  }
  [part='error'] {
    margin: 0;
    color: var(--flow-error-color, light-dark(#a3161b, #ffb4ab));
    overflow-wrap: anywhere;
  }
  [part='outcome'] {
    display: grid;
    gap: 0.15rem;
    margin: 0;
  }
  [part='outcome'] > div {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.75rem;
  }
  dt {
    opacity: 0.85;
  }
  dd {
    margin: 0;
    font-weight: 600;
    overflow-wrap: anywhere;
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
    button {
      border-color: ButtonText;
    }
  }
`;
