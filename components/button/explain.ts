// What went wrong, in a plain sentence for people; for developers the code travels in the event, and what only they can
// mend is logged once by `console.error`.
import {
  FlowDefinitionError,
  type FailureData,
  type FlowDefinition,
  type InstanceHandle,
  type Json,
} from '../../src/runtime/index.js';
import { text, type TextKey } from '../localisation.js';
import type { ButtonNote, RunFailure } from './press.js';

/** Mistakes in the page or its flows. Nobody who presses a button can do anything about them. */
const UNAVAILABLE = new Set([
  'FLOW-INVALID',
  'FLOW-UNKNOWN',
  'FLOW-KIND',
  'FLOW-DEFINITION',
  'FLOW-UNKNOWN-IMPLEMENTATION',
  'FLOW-CONFIGURED-LATE',
  'FLOW-EXPRESSION-SYNTAX',
]);

const KEYS: Readonly<Record<string, TextKey>> = {
  'FLOW-NOT-LOADED': 'not-loaded',
  'HTTP-NETWORK': 'unreachable',
  Timeout: 'took-too-long',
  'FLOW-INPUT-ATTRIBUTE': 'bad-input',
  'FLOW-STORAGE-DENIED': 'storage-denied',
  'FLOW-STORAGE-QUOTA': 'storage-full',
  'FLOW-STORAGE-LOST': 'storage-lost',
  'FLOW-STORAGE-NEWER': 'storage-newer',
  'FLOW-TASK-GONE': 'task-gone',
  'FLOW-TASK-REFUSED': 'task-refused',
  'FLOW-NO-USER': 'no-user',
  'FLOW-PAGE-LEFT': 'page-left',
};

/** What knows the names of activities. */
interface Started {
  readonly instance?: InstanceHandle | undefined;
}

/** A thrown error or the failure of an instance, ready to be shown and to be sent in `flow-error`. */
export function explained(element: Element, cause: unknown, of?: Started): RunFailure {
  const thrown = isModuleMissing(cause)
    ? { code: 'FLOW-NOT-LOADED', message: (cause as Error).message, retryable: true }
    : cause;
  const error = thrown as Partial<FailureData> & { readonly diagnostics?: RunFailure['diagnostics'] };
  const code = error.code ?? 'Error';
  const definition = of?.instance?.definition;
  if (UNAVAILABLE.has(code) || code === 'FLOW-INPUT-ATTRIBUTE') logOnce(thrown);
  const fields = refusedFields(error);
  return {
    code,
    message: error.message ?? '',
    text: element.getAttribute('message-error') ?? sentence(element, error, definition),
    canRetry: error.retryable === true || (!UNAVAILABLE.has(code) && code !== 'FLOW-INPUT-ATTRIBUTE' && !fields),
    ...(error.activity === undefined ? {} : { activity: error.activity }),
    ...(error.status === undefined ? {} : { status: error.status }),
    ...(error.details === undefined ? {} : { details: error.details }),
    ...(fields ? { fields } : {}),
    ...(thrown instanceof FlowDefinitionError || error.diagnostics ? { diagnostics: error.diagnostics ?? [] } : {}),
    cause,
  };
}

/** What stands beside the button, with a way to try again where that can help. */
export function failureNote(element: Element, failure: RunFailure): ButtonNote & { readonly failure: RunFailure } {
  return { text: failure.text, failure, ...(failure.canRetry ? { retry: text(element, 'retry') } : {}) };
}

/** A part of Millrace itself could not be loaded; every browser says it in its own words. */
function isModuleMissing(cause: unknown): boolean {
  return cause instanceof TypeError && /(dynamically imported module|importing a module script)/i.test(cause.message);
}

function sentence(element: Element, error: Partial<FailureData>, definition: FlowDefinition | undefined): string {
  const reason = reasonOf(element, error);
  if (error.activity === undefined) return reason;
  const activity = nameOf(definition, error.activity);
  // The engine's own messages begin with the activity.
  return text(element, 'failed-activity', {
    activity,
    reason: reason.startsWith(`${error.activity}: `) ? reason.slice(error.activity.length + 2) : reason,
  });
}

function reasonOf(element: Element, error: Partial<FailureData>): string {
  const { code = '', status, message } = error;
  const details = (error.details ?? {}) as { readonly [key: string]: Json };
  if (UNAVAILABLE.has(code)) return text(element, error.retryable ? 'not-loaded' : 'unavailable');
  if (code === 'FLOW-TASK-TAKEN') {
    const { user } = details;
    return typeof user === 'string' ? text(element, 'task-taken-by', { user }) : text(element, 'task-taken-else');
  }
  const key = KEYS[code];
  if (key) return text(element, key);
  if (code === 'FLOW-INPUT-FILE') return text(element, 'file-field', { field: String(details['name']) });
  if (code === 'FLOW-INPUT' || code === 'FLOW-VALUE')
    return text(element, 'bad-field', { field: String(details['path'] ?? ''), reason: afterColon(message) });
  if (/^HTTP-\d/.test(code)) {
    // What a service says to people about a refusal is worth more than its number.
    const said = typeof details['message'] === 'string' ? ` ${details['message']}` : '';
    return (
      text(element, (status ?? 500) < 500 ? 'service-refused' : 'service-error', { status: status ?? code.slice(5) }) +
      said
    );
  }
  return message || text(element, 'failed');
}

function afterColon(message = ''): string {
  return message.slice(message.indexOf(': ') + 2);
}

/** The name people know an activity by. */
export function nameOf(definition: FlowDefinition | undefined, activity: string): string {
  return definition?.activities.find((a) => a.id === activity)?.name ?? activity;
}

/** `{ details: { fields: { email: 'is taken' } } }` of a failure, or the parameter that did not fit. */
function refusedFields(error: Partial<FailureData>): Readonly<Record<string, string>> | undefined {
  const details = error.details as { readonly fields?: Json; readonly name?: Json } | null | undefined;
  const { fields } = details ?? {};
  if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) {
    return Object.fromEntries(Object.entries(fields).map(([name, reason]) => [name, String(reason)]));
  }
  if ((error.code === 'FLOW-INPUT' || error.code === 'FLOW-VALUE') && typeof details?.name === 'string')
    return { [details.name]: afterColon(error.message) };
  return undefined;
}

const logged = new Set<string>();

function logOnce(thrown: unknown): void {
  const message = (thrown as Error).message;
  if (logged.has(message)) return;
  logged.add(message);
  console.error(`[millrace] ${message}`);
}
