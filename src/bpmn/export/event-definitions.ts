// What events wait for and raise, as BPMN event definitions.
import {
  parseCycle,
  parseDuration,
  type BoundaryEventDefinition,
  type MessageReference,
  type ThrowDefinition,
} from '../../model/index.js';
import type { ExportDraft, Mutable } from './draft.js';

/** Language of the expressions that an export writes. */
export const JSONATA = 'https://jsonata.org';

export function messageElement(draft: ExportDraft, name: string): Mutable {
  return draft.shared('bpmn:Message', name, { name });
}

export function messageDefinition(draft: ExportDraft, { name, broadcast }: MessageReference): Mutable {
  return broadcast
    ? draft.part('bpmn:SignalEventDefinition', { signalRef: draft.shared('bpmn:Signal', name, { name }) })
    : draft.part('bpmn:MessageEventDefinition', { messageRef: messageElement(draft, name) });
}

function errorElement(draft: ExportDraft, code: string): Mutable {
  return draft.shared('bpmn:Error', code, { name: code, errorCode: code });
}

function escalationElement(draft: ExportDraft, code: string): Mutable {
  return draft.shared('bpmn:Escalation', code, { name: code, escalationCode: code });
}

export function triggerDefinition(draft: ExportDraft, b: BoundaryEventDefinition): Mutable {
  switch (b.event) {
    case 'timer':
      return timerDefinition(draft, b);
    case 'message':
      return messageDefinition(draft, b.message);
    case 'condition':
      return conditionDefinition(draft, b.condition);
    case 'error':
      return draft.part(
        'bpmn:ErrorEventDefinition',
        b.code === undefined ? {} : { errorRef: errorElement(draft, b.code) },
      );
    case 'escalation':
      return draft.part(
        'bpmn:EscalationEventDefinition',
        b.code === undefined ? {} : { escalationRef: escalationElement(draft, b.code) },
      );
    case 'cancel':
      return draft.part('bpmn:CancelEventDefinition');
  }
}

export function throwDefinition(draft: ExportDraft, thrown: ThrowDefinition): Mutable {
  switch (thrown.event) {
    case 'error':
      return draft.part('bpmn:ErrorEventDefinition', { errorRef: errorElement(draft, thrown.code) });
    case 'escalation':
      return draft.part(
        'bpmn:EscalationEventDefinition',
        thrown.code === undefined ? {} : { escalationRef: escalationElement(draft, thrown.code) },
      );
    case 'compensation': {
      const activity = thrown.activity === undefined ? undefined : draft.elements.get(thrown.activity);
      return draft.part('bpmn:CompensateEventDefinition', {
        ...(activity ? { activityRef: activity } : {}),
        ...(thrown.wait === false ? { waitForCompletion: false } : {}),
      });
    }
    case 'cancel':
      return draft.part('bpmn:CancelEventDefinition');
  }
}

export function conditionDefinition(draft: ExportDraft, condition: string): Mutable {
  return draft.part('bpmn:ConditionalEventDefinition', { condition: draft.expression(condition, JSONATA) });
}

export function timerDefinition(
  draft: ExportDraft,
  { after, until, cycle }: { readonly after?: string; readonly until?: string; readonly cycle?: string },
): Mutable {
  if (cycle !== undefined) {
    const timeCycle = draft.expression(cycle, parseCycle(cycle) === undefined ? JSONATA : undefined);
    return draft.part('bpmn:TimerEventDefinition', { timeCycle });
  }
  if (after !== undefined) {
    const timeDuration = draft.expression(after, parseDuration(after) === undefined ? JSONATA : undefined);
    return draft.part('bpmn:TimerEventDefinition', { timeDuration });
  }
  const fixed = /^"([^"\\]*)"$/.exec(until ?? '')?.[1];
  return draft.part('bpmn:TimerEventDefinition', {
    timeDate: fixed === undefined ? draft.expression(until ?? '', JSONATA) : draft.expression(fixed),
  });
}
