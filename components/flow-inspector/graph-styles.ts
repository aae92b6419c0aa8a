// The looks of the graph; a picture that leaves the page takes these rules along, so custom properties are colours only.
import { css, type CSSResult } from 'lit';

export const graphStyles: CSSResult = css`
  .graph text {
    fill: var(--ink);
    font-size: 13px;
  }
  .graph .small {
    fill: var(--line);
    stroke: var(--paper);
    stroke-width: 6px;
    paint-order: stroke;
    font-size: 11px;
  }
  .graph [aria-hidden] {
    pointer-events: none;
  }
  .graph .small.plain {
    stroke: none;
  }
  .graph path,
  .graph rect,
  .graph circle {
    fill: var(--paper);
    stroke: var(--line);
    stroke-width: 1.3;
  }
  .graph .lane rect {
    fill: none;
    stroke-dasharray: 2 4;
  }
  .way path {
    fill: none;
  }
  .way .near {
    stroke: none;
    stroke-width: 14;
    pointer-events: stroke;
  }
  .way,
  .node,
  .toggle {
    cursor: pointer;
    outline: none;
  }
  .dead .line {
    stroke-dasharray: 4 3;
  }
  .dead .cut {
    stroke-width: 1.8;
  }
  .taken .line {
    stroke: var(--ink);
    stroke-width: 2.2;
  }
  .graph .tip {
    fill: var(--line);
    stroke: none;
  }
  .taken .tip {
    fill: var(--ink);
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
  .node.skipped > :is(rect, path),
  .node.terminated > :is(rect, path) {
    stroke-dasharray: 3 3;
  }
  .node.skipped > text {
    fill: var(--line);
  }
  .graph .way:is(.witness, .blamed) .tip {
    fill: var(--bad);
  }
  .node.witness > :is(rect, path) {
    stroke: var(--bad);
    stroke-dasharray: 8 3;
  }
  .node.blamed > :is(rect, path) {
    fill: var(--soft);
    stroke: var(--bad);
    stroke-width: 3.2;
  }
  .way:is(.witness, .blamed) .line {
    stroke: var(--bad);
    stroke-width: 3;
  }
  :is(.node, .toggle):focus-visible > :is(rect, path),
  .node[aria-pressed='true'] > :is(rect, path) {
    stroke: var(--now);
    stroke-width: 4.5;
  }
  .way:is(:focus-visible, [aria-pressed='true'], :hover) .line {
    stroke: var(--now);
    stroke-width: 4;
  }
  .graph .badge {
    fill: var(--paper);
    stroke-width: 1.3;
  }
  .graph .sign {
    font-size: 11px;
  }
  .graph .token {
    fill: var(--now);
    stroke: var(--paper);
  }
  @media (forced-colors: active) {
    .node.failed > :is(rect, path) {
      stroke-dasharray: 6 2;
    }
    :is(.node, .toggle):focus-visible {
      outline: 3px solid Highlight;
    }
  }
`;
