// The sequence tab: what really happened, with times, and the sequence that the definition tells.
import { css, html, unsafeCSS, type CSSResult, type TemplateResult } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import { svgHappenings } from '../../src/inspect/svg-happenings.js';
import { sequenceRules, svgSequence } from '../../src/inspect/svg-sequence.js';
import type { ViewContent } from './view.js';

/** The last ones up to the step shown: a page draws no more in a moment. */
const SHOWN = 120;

export const styles: CSSResult = css`
  .sequence {
    --fill: var(--paper);
    --mark: var(--now);
    ${unsafeCSS(sequenceRules)}
  }
  .sequence .broken {
    stroke: var(--bad);
  }
  .sequence [data-step] {
    cursor: pointer;
  }
`;

export function render({ flow, history, at, side, turn, goTo }: ViewContent): TemplateResult {
  const isDefined = side === 'defined';
  const time = (moment: number): string =>
    new Date(moment).toLocaleTimeString([], {
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
    });
  const picture = isDefined
    ? svgSequence(flow, { unstyled: true })
    : svgHappenings(flow, at === history.length ? history : history.slice(0, at), { time, most: SHOWN });
  const choice = (name: string, label: string): TemplateResult =>
    html`<button type="button" aria-pressed=${String(isDefined === (name === 'defined'))} @click=${() => turn(name)}>
      ${label}
    </button>`;
  const toStep = (event: Event): void => {
    const row = (event.target as Element).closest<SVGElement>('[data-step]');
    if (row) goTo(Number(row.dataset['step']));
  };
  // Its texts are escaped where the picture is made.
  return html`<div class="tools" role="group" aria-label="Sequence">
      ${choice('happened', 'What happened')} ${choice('defined', 'As defined')}
    </div>
    <div class="canvas sequence" tabindex="0" role="region" aria-label="Sequence" @click=${toStep}>
      ${unsafeHTML(picture)}
    </div>`;
}
