// The sequence tab, loaded when it is opened.
import { css, html, unsafeCSS, type CSSResult, type TemplateResult } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import { sequenceRules, svgSequence } from '../../src/inspect/svg-sequence.js';
import type { ViewContent } from './view.js';

export const styles: CSSResult = css`
  .sequence {
    --fill: var(--paper);
    --mark: var(--now);
    ${unsafeCSS(sequenceRules)}
  }
`;

export function render({ flow }: ViewContent): TemplateResult {
  // Its texts are escaped where the picture is made.
  return html`<div class="canvas sequence">${unsafeHTML(svgSequence(flow, { unstyled: true }))}</div>`;
}
