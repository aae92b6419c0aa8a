// Where the time of an instance went, as a table with a bar in every row. SVG attributes, not styles: a strict CSP allows them.
import { css, html, nothing, svg, type CSSResult, type TemplateResult } from 'lit';
import { durationInWords, timelineOf, type Bar, type Stretch, type Timeline } from '../../src/inspect/timeline.js';
import type { ViewContent } from './view.js';

export const styles: CSSResult = css`
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
`;

/** More rows than anybody reads; the slider goes back to earlier ones. */
const SHOWN = 300;
const WIDTH = 1000;
const KINDS: Readonly<Record<Stretch['kind'], string>> = { attempt: 'working', waiting: 'waiting', inside: 'inside' };

export function render({ flow, view, history, at, activity: selected, select }: ViewContent): TemplateResult {
  const shown = at === history.length ? history : history.slice(0, at);
  const isNow = at === history.length && view.status === 'running';
  const now = isNow ? Date.now() : (shown.at(-1)?.at ?? view.startedAt);
  const { bars, earlier, from, to, place } = timelineOf(flow, shown, now, SHOWN);
  if (bars.length === 0) return html`<p>Nothing has begun yet.</p>`;
  return html`<p class="hint">
      ${durationInWords(to - from)} in all. Filled: working; outlined: waiting; a cross: an attempt that failed. Long
      pauses are drawn shorter than they
      were.${earlier > 0 ? ` The ${SHOWN} runs that began last; ${earlier} earlier ones are a few steps back.` : nothing}
    </p>
    <div class="canvas" tabindex="0" role="region" aria-label="Timeline">
      <table class="timeline">
        <thead>
          <tr>
            <th scope="col">Activity</th>
            <th scope="col">When</th>
            <th scope="col">Took</th>
          </tr>
        </thead>
        <tbody>
          ${bars.map(
            (bar) =>
              html`<tr class=${bar.activity === selected ? 'written' : ''}>
                <th scope="row">
                  <button type="button" class="step" @click=${() => select(bar.activity)}>
                    ${bar.name} <small>${bar.state}${attemptsOf(bar)}</small>
                  </button>
                </th>
                <td class="when">${drawn(bar, place)}</td>
                <td>${durationInWords(bar.to - bar.from)}${shares(bar)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function drawn(bar: Bar, place: Timeline['place']): TemplateResult {
  const x = (at: number): number => Math.round(place(at) * WIDTH);
  return html`<svg viewBox=${`0 0 ${WIDTH} 20`} preserveAspectRatio="none" aria-hidden="true">
    ${bar.stretches.map((s) => {
      // What took no time can be seen, too.
      const left = Math.min(x(s.from), WIDTH - 4);
      const width = Math.max(4, x(s.to) - left);
      const end = left + width;
      return svg`<rect class=${s.kind} x=${left} y="4" width=${width} height="12"><title>${inWords(s)}</title></rect>
        ${s.failure ? svg`<path class="cut" vector-effect="non-scaling-stroke" d=${`M${end - 6} 2l12 16m0 -16l-12 16`}/>` : nothing}`;
    })}
  </svg>`;
}

function inWords({ kind, from, to, attempt, failure }: Stretch): string {
  const which = attempt === undefined || attempt < 2 ? '' : `, attempt ${attempt}`;
  return `${KINDS[kind]} ${durationInWords(to - from)}${which}${failure ? `, failed: ${failure}` : ''}`;
}

function attemptsOf({ stretches }: Bar): string {
  const attempts = Math.max(...stretches.map((s) => s.attempt ?? 1));
  return attempts > 1 ? `, ${attempts} attempts` : '';
}

/** How much of it was waiting, where it did both. */
function shares({ stretches }: Bar): TemplateResult | typeof nothing {
  const sum = (kind: Stretch['kind']): number =>
    stretches.filter((s) => s.kind === kind).reduce((all, s) => all + s.to - s.from, 0);
  const waited = sum('waiting');
  return waited > 0 && sum('attempt') > 0 ? html`<small>waited ${durationInWords(waited)}</small>` : nothing;
}
