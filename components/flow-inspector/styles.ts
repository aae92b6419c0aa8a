import { css, type CSSResult } from 'lit';

export const styles: CSSResult = css`
  :host {
    display: grid;
    grid-template-columns: minmax(13rem, 18rem) minmax(0, 1fr);
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
  [role='tab'][aria-selected='true'] {
    border-color: var(--now);
    box-shadow: inset 0 -3px 0 var(--now);
  }
  .step[aria-current='true'] {
    background: var(--soft);
    font-weight: 600;
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
  .written {
    background: var(--soft);
    font-weight: 600;
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
