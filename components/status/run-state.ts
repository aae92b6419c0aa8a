// How far a run is, in people's words: its state, its result, and the steps it consists of for somebody who waits.
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowDefinition, InstanceView, JsonObject, TaskView } from '../../src/runtime/index.js';
import { asText } from '../forms/show-data.js';

export type StepState = 'done' | 'now' | 'next' | 'skipped' | 'dropped' | 'failed' | 'undone';

export interface Step {
  readonly id: string;
  readonly name: string;
  readonly state: StepState;
  /** The tasks of its people: one, or one for each who votes. */
  readonly tasks: readonly TaskView[];
  /** When a timer that it waits for fires, epoch ms. */
  readonly until?: number;
}

/** Whether nothing happens any more by itself. */
export function isOver({ status }: InstanceView): boolean {
  return status !== 'running';
}

/** Activities that have a name, in the order of the definition; without any names, all that do something. */
export function stepsOf(definition: FlowDefinition, view: InstanceView): readonly Step[] {
  const undo = new Set(definition.activities.map((a) => a.compensation));
  const named = definition.activities.filter((a) => a.name !== undefined && a.type !== 'route');
  const shown = named.length > 0 ? named : definition.activities.filter((a) => a.type !== 'route');
  return shown
    .filter(({ id }) => !undo.has(id))
    .map(({ id, name }) => {
      const state = stateOf(view, id);
      const tasks = view.tasks.filter((t) => t.activity === id);
      const until = view.waits.find((w) => w.activity === id && w.at !== undefined)?.at;
      return {
        id,
        name: name ?? id,
        state,
        tasks,
        ...(until === undefined || state !== 'now' || tasks.length > 0 ? {} : { until }),
      };
    });
}

function stateOf(view: InstanceView, activity: string): StepState {
  switch (view.activities[activity]?.state) {
    case 'completed':
      return 'done';
    case 'ready':
    case 'running':
    case 'compensating':
      return 'now';
    case 'failed':
      return 'failed';
    case 'compensated':
      return 'undone';
    case 'skipped':
      return 'skipped';
    case 'terminated':
      return view.status === 'cancelled' ? 'dropped' : 'skipped';
    default:
      if (view.status === 'cancelled') return 'dropped';
      return view.status === 'completed' ? 'skipped' : 'next';
  }
}

/** The output as a list of names and values; nothing when there is none. */
export function outcomeOf(output: JsonObject | undefined): TemplateResult | typeof nothing {
  const entries = Object.entries(output ?? {}).filter(([, value]) => value !== null && value !== undefined);
  if (entries.length === 0) return nothing;
  return html`<dl part="outcome">
    ${entries.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${asText(value)}</dd>
        </div>`,
    )}
  </dl>`;
}
