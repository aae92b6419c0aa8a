import { css, type CSSResult } from 'lit';

export const styles: CSSResult = css`
  :host {
    --ink: light-dark(#1f2933, #f0f4f8);
    --line: light-dark(#52606d, #9fb3c8);
    --paper: light-dark(#fff, #16202c);
    --soft: light-dark(#f0f4f8, #22303f);
    --now: light-dark(#0b69a3, #62b0e8);
    --bad: light-dark(#a3161b, #ffb4ab);
    --good: light-dark(#1b6b3a, #8fd6a8);
    display: grid;
    grid-template-columns: minmax(13rem, 18rem) minmax(0, 1fr);
    border: 1px solid var(--line);
    border-radius: 0.5rem;
    background: var(--paper);
    color: var(--ink);
    font:
      0.9rem system-ui,
      sans-serif;
    color-scheme: inherit;
  }
  nav {
    display: grid;
    align-content: start;
    gap: 0.5rem;
    padding: 0.75rem;
    max-block-size: 40rem;
    overflow: auto;
  }
  .detail {
    border-inline-start: 1px solid var(--line);
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: 0.75rem;
    padding: 0.75rem;
    min-inline-size: 0;
  }
  input,
  select,
  textarea {
    box-sizing: border-box;
    inline-size: 100%;
    padding: 0.3rem 0.5rem;
    border: 1px solid var(--line);
    border-radius: 0.3rem;
    background: var(--paper);
    color: inherit;
    font: inherit;
  }
  textarea {
    min-block-size: 6rem;
    font-family: ui-monospace, monospace;
  }
  ul,
  ol {
    display: grid;
    gap: 0.25rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .entry {
    inline-size: 100%;
    text-align: start;
  }
  .entry[aria-current='true'] {
    border-color: var(--now);
    background: var(--soft);
  }
  .entry small {
    display: block;
    color: var(--line);
  }
  h2 {
    margin: 0;
    font-size: 1.1rem;
  }
  .why {
    margin: 0;
    padding: 0.5rem 0.75rem;
    border-inline-start: 4px solid var(--now);
    background: var(--soft);
    overflow-wrap: anywhere;
  }
  .why.failed {
    border-color: var(--bad);
  }
  .tools button {
    min-block-size: 1.9em;
    padding: 0.15em 0.6em;
  }
  .tools [aria-pressed='true'],
  .faults [aria-pressed='true'] {
    border-color: var(--now);
    background: var(--soft);
  }
  .faults .error strong {
    color: var(--bad);
  }
  .faults small {
    display: block;
    color: var(--line);
  }
  .facts {
    margin: 0;
    min-block-size: 2.6em;
    color: var(--line);
    overflow-wrap: anywhere;
  }
  label small {
    color: var(--line);
    font-weight: 400;
  }
  #panel {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.5rem;
  }
  .entry.failed {
    border-inline-start: 4px solid var(--bad);
  }
  .tabs,
  .tools,
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
    align-items: center;
  }
  [role='tab'][aria-selected='true'] {
    border-color: var(--now);
    box-shadow: inset 0 -3px 0 var(--now);
  }
  .canvas {
    overflow: auto;
    max-block-size: 34rem;
    touch-action: pan-x pan-y;
  }
  .canvas.moving {
    cursor: grabbing;
    user-select: none;
  }
  .canvas svg {
    max-inline-size: none;
  }
  .step[aria-current='true'] {
    background: var(--soft);
    font-weight: 600;
  }
  .step {
    inline-size: 100%;
    border: 0;
    text-align: start;
    overflow-wrap: anywhere;
  }
  .steps {
    max-block-size: 26rem;
    overflow: auto;
  }
  table {
    border-collapse: collapse;
    inline-size: 100%;
  }
  th,
  td {
    padding: 0.25rem 0.5rem;
    border-block-end: 1px solid var(--soft);
    text-align: start;
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  .hint {
    margin: 0;
    color: var(--line);
  }
  .written {
    background: var(--soft);
    font-weight: 600;
  }
  pre {
    margin: 0;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    font:
      0.85rem ui-monospace,
      monospace;
  }
  @media (max-width: 46rem) {
    :host {
      grid-template-columns: minmax(0, 1fr);
    }
    nav {
      max-block-size: 14rem;
    }
    .detail {
      border-inline-start: 0;
      border-block-start: 1px solid var(--line);
    }
  }
`;
