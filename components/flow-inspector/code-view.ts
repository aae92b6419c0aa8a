// The code tab: the flow as TypeScript and as pseudo-code, to read and to copy.
import { css, html, type CSSResult, type TemplateResult } from 'lit';
import { builderCode, pseudoCode } from '../../src/inspect/code/index.js';
import type { ViewContent } from './view.js';

export const styles: CSSResult = css`
  .code {
    overflow: auto;
    max-block-size: 34rem;
    padding: 0.5rem;
    background: var(--soft);
    white-space: pre;
    tab-size: 2;
  }
`;

export function render({ flow, side, turn }: ViewContent): TemplateResult {
  const isPseudo = side === 'pseudo';
  const code = isPseudo ? pseudoCode(flow) : builderCode(flow.definition);
  const choice = (name: string, label: string): TemplateResult =>
    html`<button type="button" aria-pressed=${String(isPseudo === (name === 'pseudo'))} @click=${() => turn(name)}>
      ${label}
    </button>`;
  return html`<div class="tools" role="group" aria-label="Code">
      ${choice('typescript', 'TypeScript')} ${choice('pseudo', 'Pseudo-code')}
      <button type="button" @click=${() => void navigator.clipboard.writeText(code)}>Copy</button>
    </div>
    <pre class="code" tabindex="0" role="region" aria-label="Code of the flow">${code}</pre>`;
}
