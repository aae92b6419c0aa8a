// What the compiler says of a flow, as a list beside its graph. Loaded when there is something to say.
import { css, html, nothing, type CSSResult, type TemplateResult } from 'lit';
import type { CompiledFlow, Diagnostic } from '../../src/runtime/index.js';

export const styles: CSSResult = css`
  .faults li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0.5rem;
    align-items: start;
    border-inline-start: 4px solid var(--line);
  }
  .faults li.error {
    border-color: var(--bad);
  }
  .faults .error strong {
    color: var(--bad);
  }
  .faults [aria-pressed='true'] {
    background: var(--soft);
  }
  .faults small {
    display: block;
    color: var(--line);
  }
  .faults a {
    padding: 0.3em 0.5em;
    color: var(--now);
  }
`;

export interface FaultsContent {
  readonly diagnostics: readonly Diagnostic[];
  readonly chosen?: Diagnostic | undefined;
  /** Absent: there is no picture to show anything on. */
  readonly plan: CompiledFlow['plan'] | undefined;
  /** Address of the page that explains the codes. */
  readonly docs: string | null;
  choose(fault: Diagnostic): void;
}

const KINDS = { error: ['!', 'error'], warning: ['△', 'warning'] } as const;

export function render({ diagnostics, chosen, plan, docs, choose }: FaultsContent): TemplateResult {
  const name = (id: string): string => plan?.activities[id]?.name ?? id;
  const told = (d: Diagnostic): TemplateResult =>
    html`<strong>${KINDS[d.severity][0]} ${d.code}</strong>
      <span class="silent">(${KINDS[d.severity][1]})</span> ${d.message}
      ${d.suggestion ? html`<small>${sentence(d.suggestion)}</small>` : nothing}
      ${d.path && d.path.length > 0 ? html`<small>The way to it: ${d.path.map(name).join(' → ')}</small>` : nothing}`;
  return html`<ul class="faults" aria-label="What the compiler says">
    ${diagnostics.map(
      (d) =>
        html`<li class=${d.severity}>
          ${
            plan
              ? html`<button type="button" class="step" aria-pressed=${String(d === chosen)} @click=${() => choose(d)}>
                  ${told(d)}
                </button>`
              : html`<p class="hint">${told(d)}</p>`
          }
          ${docs === null ? nothing : html`<a href=${`${docs}#${d.code.toLowerCase()}`} target="_blank" rel="noopener">About ${d.code}</a>`}
        </li>`,
    )}
  </ul>`;
}

function sentence(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1) + (/[.?!]$/.test(text) ? '' : '.');
}
