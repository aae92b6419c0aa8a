// What can be done about an instance, in the state that it is in. The forms that ask for the rest are loaded when one is chosen.
import { html, nothing, type TemplateResult } from 'lit';
import type { InstanceView } from '../../src/runtime/index.js';

export type Act = 'retry' | 'skip' | 'edit' | 'complete' | 'assign' | 'signal' | 'migrate' | 'cancel';

const LABELS: Readonly<Record<Act, string>> = {
  retry: 'Try again',
  skip: 'Skip …',
  edit: 'Edit variables …',
  complete: 'Complete a task …',
  assign: 'Hand over …',
  signal: 'Send a message …',
  migrate: 'Other version …',
  cancel: 'Cancel …',
};

function actsFor({ status, activities, tasks, waits }: InstanceView): readonly Act[] {
  if (status === 'completed' || status === 'cancelled') return [];
  const open = Object.values(activities).some((a) => a.token && ['failed', 'running', 'ready'].includes(a.state));
  return [
    ...(status === 'failed' ? (['retry'] as const) : []),
    ...(tasks.length > 0 ? (['complete', 'assign'] as const) : []),
    ...(waits.some((w) => w.kind === 'message') ? (['signal'] as const) : []),
    ...(open ? (['skip'] as const) : []),
    'edit',
    'migrate',
    'cancel',
  ];
}

export function actButtons(
  view: InstanceView,
  chosen: Act | undefined,
  choose: (act: Act) => void,
): TemplateResult | typeof nothing {
  const acts = actsFor(view);
  if (acts.length === 0) return nothing;
  return html`<div class="actions" role="group" aria-label="What can be done">
    ${acts.map(
      (act) =>
        html`<button type="button" aria-expanded=${String(act === chosen)} @click=${() => choose(act)}>
          ${LABELS[act]}
        </button>`,
    )}
  </div>`;
}
