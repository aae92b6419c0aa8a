// The journal tab: every step, newest position marked; choosing one goes back to it.
import { html, nothing, type TemplateResult } from 'lit';
import { stepInWords } from '../../src/inspect/live.js';
import type { HistoryRecord } from '../../src/runtime/index.js';
import type { ViewContent } from './view.js';

/** More rows than anybody reads; the others are around the chosen one. */
const SHOWN = 400;

export function render({ history, at, goTo }: ViewContent): TemplateResult {
  const first = Math.max(0, Math.min(at - SHOWN / 2, history.length - SHOWN));
  const part = history.slice(first, first + SHOWN);
  const row = (record: HistoryRecord, i: number): TemplateResult =>
    html`<li>
      <button
        type="button"
        class="step"
        aria-current=${String(first + i + 1 === at)}
        @click=${() => goTo(first + i + 1)}
      >
        ${first + i + 1}. ${new Date(record.at).toLocaleTimeString()} ${stepInWords(record)}
      </button>
    </li>`;
  return html`${first > 0 || part.length < history.length ? html`<p class="hint">Steps ${first + 1} to ${first + part.length} of ${history.length}.</p>` : nothing}
    <ol class="steps">
      ${part.map(row)}
    </ol>`;
}
