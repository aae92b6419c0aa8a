import { css, type CSSResult } from 'lit';

export const styles: CSSResult = css`
  :host {
    display: grid;
    gap: 0.75rem;
    justify-items: start;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 0.75rem;
    align-items: baseline;
  }
  .key {
    font-weight: 400;
    opacity: 0.85;
  }
  [part='state'] {
    padding: 0.1em 0.65em;
    border: 1px solid currentColor;
    border-radius: 1em;
    font-size: 0.875em;
  }
  [data-state='failed'] {
    color: var(--flow-error-color, light-dark(#a3161b, #ffb4ab));
  }
  ol {
    display: grid;
    gap: 0.4rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    grid-template-columns: 1.25em auto auto 1fr;
    gap: 0 0.6rem;
    align-items: baseline;
    overflow-wrap: anywhere;
  }
  [part='step-state'],
  .more,
  .late {
    font-size: 0.875em;
  }
  [part='step-state'],
  .more {
    opacity: 0.85;
  }
  .more,
  .late {
    grid-column: 2 / -1;
  }
  .late {
    color: var(--flow-error-color, light-dark(#a3161b, #ffb4ab));
  }
  /* Shape as well as colour tells the states apart. */
  .mark {
    box-sizing: border-box;
    inline-size: 0.9em;
    block-size: 0.9em;
    border: 2px solid currentColor;
    border-radius: 50%;
    opacity: 0.55;
    forced-color-adjust: none;
  }
  [data-state='done'] .mark {
    border-color: var(--process-status-done, light-dark(#1a7f37, #7ee2a0));
    background: var(--process-status-done, light-dark(#1a7f37, #7ee2a0));
    opacity: 1;
  }
  [data-state='now'] .mark {
    border-color: var(--process-status-now, light-dark(#1d5fbf, #8ab4f8));
    border-width: 0.28em;
    opacity: 1;
  }
  [data-state='now'] .name {
    font-weight: 600;
  }
  [data-state='failed'] .mark {
    border-radius: 0;
    background: currentColor;
    opacity: 1;
  }
  :is([data-state='skipped'], [data-state='dropped'], [data-state='undone']) .mark {
    border-style: dotted;
  }
  :is([data-state='skipped'], [data-state='dropped'], [data-state='undone']) .name {
    text-decoration: line-through;
  }
  p {
    margin: 0;
  }
  @media (max-width: 24rem) {
    [part='step-state'] {
      grid-column: 2 / -1;
    }
  }
  @media (forced-colors: active) {
    .mark,
    [data-state] .mark {
      border-color: CanvasText;
    }
    [data-state='done'] .mark,
    [data-state='failed'] .mark {
      background: CanvasText;
    }
  }
`;
