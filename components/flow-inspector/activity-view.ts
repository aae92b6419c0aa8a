// What is below the picture when an activity is chosen: what it is and what became of it.
import { html, nothing, type TemplateResult } from 'lit';
import { stepInWords } from '../../src/inspect/live.js';
import type { ViewContent } from './view.js';

export function render({ flow, moment, history, activity: id }: ViewContent): TemplateResult {
  const activity = flow.plan.activities[id!]!;
  const is = moment.activities.get(id!);
  const records = history.filter((r) => r.changes.some((c) => c.activity === id));
  return html`<h3>${activity.name}</h3>
    <p>
      ${activity.type},
      ${is?.state ?? 'not started'}${is?.attempt ? `, attempt ${is.attempt}` : ''}${is?.failure ? html`: <strong>${is.failure}</strong>` : nothing}
    </p>
    <ol>
      ${records.map((r) => html`<li>${new Date(r.at).toLocaleTimeString()} ${stepInWords(r)}</li>`)}
    </ol>
    <pre>${JSON.stringify(activity.definition, null, 2)}</pre>`;
}
