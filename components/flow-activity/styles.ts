import { css, type CSSResult } from 'lit';

export const styles: CSSResult = css`
  :host {
    display: block;
  }
  :host(:not([inline])) {
    position: fixed;
    inset-block-end: 1rem;
    inset-inline-end: 1rem;
    z-index: 1000;
    inline-size: min(var(--flow-activity-width, 22rem), calc(100vw - 2rem));
  }
  section {
    display: grid;
    gap: 0.5rem;
    justify-items: end;
  }
  ul {
    display: grid;
    gap: 0.5rem;
    inline-size: 100%;
    max-block-size: 40vh;
    margin: 0;
    padding: 0;
    overflow: auto;
    list-style: none;
  }
  :host([inline]) ul {
    max-block-size: none;
  }
  li {
    display: grid;
    gap: 0.5rem;
    padding: 0.75rem 0.9rem;
    border: 1px solid color-mix(in srgb, currentColor 25%, transparent);
    border-radius: 0.5rem;
    background: var(--flow-activity-background, Canvas);
    color: var(--flow-activity-color, CanvasText);
  }
  :host(:not([inline])) li {
    box-shadow: 0 0.25rem 1rem rgb(0 0 0 / 15%);
  }
  ul[hidden] {
    display: none;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    justify-content: end;
  }
  .bar > button {
    background: var(--flow-activity-background, Canvas);
    color: var(--flow-activity-color, CanvasText);
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 0.1rem 0.75rem;
    align-items: baseline;
    justify-content: space-between;
  }
  [part='name'] {
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  [part='state'] {
    font-size: 0.875em;
    opacity: 0.85;
  }
  progress {
    inline-size: 100%;
    accent-color: var(--flow-focus, light-dark(#1d5fbf, #8ab4f8));
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  p {
    margin: 0;
  }
  [part='empty']:focus {
    outline: none;
  }
`;
