import { css, unsafeCSS, type CSSResult } from 'lit';
import { sequenceRules } from '../../src/inspect/index.js';

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
  main {
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
  .tabs,
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
  }
  .canvas svg {
    max-inline-size: none;
  }
  svg text {
    fill: var(--ink);
    font-size: 13px;
  }
  svg .small {
    fill: var(--line);
    stroke: var(--paper);
    stroke-width: 4px;
    paint-order: stroke;
    font-size: 11px;
  }
  .sequence {
    --fill: var(--paper);
    --mark: var(--now);
    ${unsafeCSS(sequenceRules)}
  }
  .graph path,
  .graph rect,
  .graph circle {
    fill: var(--paper);
    stroke: var(--line);
    stroke-width: 1.3;
  }
  .connector path,
  .dead path,
  .taken path {
    fill: none;
  }
  .dead path {
    stroke-dasharray: 4 3;
  }
  .dead .cut {
    stroke-dasharray: none;
    stroke-width: 1.8;
  }
  .taken path {
    stroke: var(--ink);
    stroke-width: 2.2;
  }
  .graph .tip {
    fill: var(--line);
    stroke: none;
  }
  .node {
    cursor: pointer;
  }
  .node.box > rect {
    fill: var(--soft);
  }
  .node.completed > :is(rect, path),
  .event.happened circle {
    stroke: var(--good);
    stroke-width: 2;
  }
  .node.running > :is(rect, path),
  .node.ready > :is(rect, path) {
    stroke: var(--now);
    stroke-width: 2.6;
  }
  .node.failed > :is(rect, path) {
    stroke: var(--bad);
    stroke-width: 3;
  }
  .node.skipped {
    opacity: 0.55;
  }
  .node.skipped > :is(rect, path),
  .node.terminated > :is(rect, path) {
    stroke-dasharray: 3 3;
  }
  .node:focus-visible,
  .node[aria-pressed='true'] {
    outline: 3px solid var(--now);
    outline-offset: 2px;
  }
  .graph .badge {
    fill: var(--paper);
  }
  .sign {
    font-size: 11px;
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
  .timeline small {
    display: block;
    color: var(--line);
    font-weight: 400;
  }
  .timeline :is(th, td) {
    overflow-wrap: normal;
  }
  .timeline td:last-child {
    white-space: nowrap;
  }
  .timeline .step {
    padding-inline: 0;
  }
  .timeline .when {
    inline-size: 60%;
    min-inline-size: 6rem;
  }
  .timeline svg {
    display: block;
    inline-size: 100%;
    block-size: 1.3rem;
  }
  .timeline rect {
    fill: var(--now);
    stroke: var(--now);
    vector-effect: non-scaling-stroke;
  }
  .timeline .waiting,
  .timeline .inside {
    fill: none;
  }
  .timeline .inside {
    stroke-dasharray: 3 3;
  }
  .timeline .cut {
    fill: none;
    stroke: var(--bad);
    stroke-width: 2;
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
    main {
      border-inline-start: 0;
      border-block-start: 1px solid var(--line);
    }
  }
  @media (forced-colors: active) {
    .node.failed > :is(rect, path) {
      stroke-dasharray: 6 2;
    }
  }
`;
