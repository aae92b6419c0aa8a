// The data tab: the variables after a step and how it changed them, every expression that it evaluated with what it gave, what
// went into and came out of every activity, and all of it as files.
import { css, html, nothing, type CSSResult, type TemplateResult } from 'lit';
import { dataOf, evaluationsOf, tokensIn } from '../../src/inspect/evaluations.js';
import type { Json } from '../../src/runtime/index.js';
import { attachForm } from './attach-form.js';
import { formStyles } from './form-styles.js';
import type { ViewContent } from './view.js';

export const styles: CSSResult = css`
  ${formStyles}
  .was {
    text-decoration: line-through;
    color: var(--line);
  }
  .scroll {
    overflow: auto;
    max-block-size: 24rem;
  }
  h3,
  details {
    margin-block: 0.5rem 0;
  }
`;

/** More rows than anybody reads. */
const SHOWN = 300;

export function render(content: ViewContent): TemplateResult {
  const { moment, at, history, flow, activity } = content;
  const record = history[at - 1];
  return html`${record ? evaluated(content) : nothing}
    <h3>Variables after step ${at}</h3>
    <table class="variables">
      <thead>
        <tr>
          <th scope="col">Variable</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        ${Object.entries(moment.variables).map(
          ([name, value]) =>
            html`<tr class=${moment.written.has(name) ? 'written' : ''}>
              <th scope="row">${name}${moment.written.has(name) ? ' (written now)' : ''}</th>
              <td>${moment.written.has(name) ? change(moment.written.get(name), value) : shown(value)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${inAndOut(content)}
    <div class="actions">
      <button type="button" @click=${() => void saveJournal(content)}>Save the journal</button>
      <button type="button" @click=${() => void saveMachine(content)}>Save the XState machine</button>
    </div>
    ${attachForm(content)} ${record ? source(`Step ${at} as the journal has it`, record) : nothing}
    ${source('The compiled XState machine', flow.machine)}
    ${source(activity === undefined ? 'The definition' : `The definition of ${activity}`, activity === undefined ? flow.definition : flow.plan.activities[activity]!.definition)}`;
}

function evaluated({ flow, history, at, replay }: ViewContent): TemplateResult {
  const record = history[at - 1]!;
  const before = replay?.at(at - 1);
  const tokens = tokensIn(history);
  const all = evaluationsOf(flow, record, (token) => tokens.get(token) ?? before?.runs[token]?.activity);
  return html`<h3>What step ${at} evaluated</h3>
    ${
      all.length === 0
        ? html`<p class="hint">No expression.</p>`
        : html`<table class="evaluated">
            <thead>
              <tr>
                <th scope="col">Of</th>
                <th scope="col">Expression</th>
                <th scope="col">Gave</th>
              </tr>
            </thead>
            <tbody>
              ${all.map(
                (e) =>
                  html`<tr>
                    <th scope="row">${e.of || 'the flow'}<small> ${e.what} ${e.name}</small></th>
                    <td><code>${e.expression}</code></td>
                    <td>${e.value === undefined ? html`<em>nothing</em>` : shown(e.value)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
    ${record.warnings?.map((warning) => html`<p class="hint">△ ${warning}</p>`)}`;
}

/** What went in and came out, up to the step shown; of the chosen activity only, if there is one. */
function inAndOut({ view, flow, history, at, activity, goTo }: ViewContent): TemplateResult {
  const entries = dataOf(view, history.slice(0, at), (data) => data).filter(
    (e) => e.direction !== 'variables' && (activity === undefined || e.activity === activity),
  );
  const name = (id: string | undefined): string =>
    id === undefined ? 'the instance' : (flow.plan.activities[id]?.name ?? id);
  return html`<h3>In and out${activity === undefined ? '' : ` of ${name(activity)}`}</h3>
    <div class="scroll" tabindex="0" role="region" aria-label="In and out">
      <table class="in-out">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
          </tr>
        </thead>
        <tbody>
          ${entries.slice(-SHOWN).map(
            (e) =>
              html`<tr>
                <td>
                  <button type="button" class="step" @click=${() => goTo(history.findIndex((r) => r.at >= e.at) + 1)}>
                    ${new Date(e.at).toLocaleTimeString()}
                  </button>
                </td>
                <th scope="row">
                  ${name(e.activity)}
                  <small>${e.direction}${(e.attempt ?? 1) > 1 ? `, attempt ${e.attempt}` : ''}</small>
                </th>
                <td>${shown(e.data)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${entries.length > SHOWN ? html`<p class="hint">The last ${SHOWN} of ${entries.length}.</p>` : nothing}`;
}

function change(before: Json | undefined, after: Json): TemplateResult {
  return html`${before === undefined ? html`<small>new</small> ` : html`<pre class="was">${text(before)}</pre>`}${shown(after)}`;
}

function shown(value: Json): TemplateResult {
  return html`<pre>${text(value)}</pre>`;
}

function text(value: Json): string {
  return JSON.stringify(value, null, 2);
}

function source(title: string, data: unknown): TemplateResult {
  return html`<details>
    <summary>${title}</summary>
    <pre tabindex="0">${JSON.stringify(data, null, 2)}</pre>
  </details>`;
}

async function saveJournal({ flow, view, history }: ViewContent): Promise<void> {
  const [{ exportInstance }, { save }] = await Promise.all([
    import('../../src/inspect/exported.js'),
    import('./picture.js'),
  ]);
  const file = exportInstance(flow, view, history, Date.now());
  save(`${view.flow}-${view.id}.json`, JSON.stringify(file, null, 2), 'application/json');
}

async function saveMachine({ flow }: ViewContent): Promise<void> {
  const { save } = await import('./picture.js');
  save(`${flow.definition.flow}.machine.json`, JSON.stringify(flow.machine, null, 2), 'application/json');
}
