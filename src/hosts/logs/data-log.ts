// The data log of an instance: what went into each activity, what came out, and what was written to the variables. Read off
// its journal, which holds all of it already.
import type { FlowEvent } from '../../engine/index.js';
import type { Json } from '../../model/index.js';
import type { HistoryRecord, InstanceView } from '../host.js';

export interface DataEntry {
  /** Epoch ms. */
  readonly at: number;
  readonly instance: string;
  readonly flow: string;
  readonly key?: string;
  /** Absent: the input and the output of the instance itself. */
  readonly activity?: string;
  readonly token?: string;
  readonly attempt?: number;
  /** What an activity receives, what it gives, or the variables that a step has written. */
  readonly direction: 'in' | 'out' | 'variables';
  readonly data: Json;
}

/** In the order in which it happened; `redact` sees every value before it is shown. */
export function dataOf(
  view: InstanceView,
  history: readonly HistoryRecord[],
  redact: (data: Json) => Json,
): readonly DataEntry[] {
  const { id: instance, flow, key } = view;
  const place = { instance, flow, ...(key === undefined ? {} : { key }) };
  const activities = new Map<string, string>();
  const entries: DataEntry[] = [];
  for (const { at, event, changes, writes } of history) {
    for (const { token, activity } of changes) if (token !== undefined) activities.set(token, activity);
    const token = 'token' in event ? event.token : undefined;
    const activity = token === undefined ? undefined : activities.get(token);
    const attempt = 'attempt' in event ? event.attempt : undefined;
    const add = (direction: DataEntry['direction'], data: Json): void => {
      entries.push({
        at,
        ...place,
        ...(activity === undefined ? {} : { activity }),
        ...(token === undefined ? {} : { token }),
        ...(attempt === undefined ? {} : { attempt }),
        direction,
        data: redact(data),
      });
    };
    for (const [direction, data] of dataIn(event)) add(direction, data);
    if (writes && event.type !== 'begin') add('variables', writes);
  }
  return entries;
}

function dataIn(event: FlowEvent): readonly (readonly ['in' | 'out', Json])[] {
  const of = (direction: 'in' | 'out', data: Json | undefined): readonly (readonly ['in' | 'out', Json])[] =>
    data === undefined ? [] : [[direction, data]];
  switch (event.type) {
    case 'begin':
      return of('in', event.input);
    case 'prepared':
      return of('in', event.prepared.arguments ?? event.prepared.input);
    case 'result':
    case 'complete':
    case 'skip':
    case 'output':
      return of('out', event.output);
    case 'message':
      return of('out', event.data);
    case 'failure':
      return of('out', event.failure as unknown as Json);
    default:
      return [];
  }
}
