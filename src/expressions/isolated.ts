// The page's side of the thread in which definitions that nobody trusts are evaluated. Bounds inside an evaluation cannot stop
// everything (a regular expression that backtracks for ever never gives the control back), so the thread is terminated when
// an answer takes too long, and a new one goes on with what waits. One request is under way at a time: the rest never pays.
import { FlowError, type FailureData, type Json, type JsonObject, type JsonSchema } from '../model/index.js';
import type { ValueFault } from '../model/validate-value.js';
import { DEFAULT_LIMITS } from './limits.js';
import type { EvaluateOptions } from './expression.js';
import { openThread, type Thread } from './thread.js';

/** What the thread is asked; plain data. */
export type IsolatedRequest =
  | { readonly evaluate: string; readonly input: JsonObject; readonly options: EvaluateOptions }
  | { readonly validate: unknown; readonly schema: JsonSchema };

/** What it answers. */
export type IsolatedAnswer =
  | { readonly value?: Json; readonly faults?: readonly ValueFault[] }
  | { readonly failure: FailureData };

interface Waiting {
  readonly request: IsolatedRequest;
  readonly resolve: (answer: IsolatedAnswer) => void;
  readonly reject: (error: FlowError) => void;
}

/** The evaluation itself gives up after `DEFAULT_LIMITS.time`; what has not even noticed that by then never will. */
const PATIENCE = 2 * DEFAULT_LIMITS.time;

const waiting: Waiting[] = [];
let thread: Thread | undefined;
let isReady = false;
let underWay: Waiting | undefined;
let patience: ReturnType<typeof setTimeout> | undefined;

/** The value of an expression, as `Expression.evaluate` gives it, computed in the thread. */
export async function evaluateIsolated(
  source: string,
  input: JsonObject,
  options: EvaluateOptions,
): Promise<Json | undefined> {
  const now = options.now ?? Date.now();
  const answer = await ask({ evaluate: source, input, options: { ...options, now } });
  if (!('failure' in answer)) return answer.value;
  const { code, message, details } = answer.failure;
  throw new FlowError(code, message, { expression: source }, details === undefined ? {} : { details });
}

/** `validateValue`, computed in the thread: the patterns of a schema are regular expressions, too. */
export async function validateIsolated(schema: JsonSchema, value: unknown): Promise<readonly ValueFault[]> {
  const answer = await ask({ validate: value, schema });
  if ('failure' in answer) throw new FlowError(answer.failure.code, answer.failure.message);
  return answer.faults ?? [];
}

function ask(request: IsolatedRequest): Promise<IsolatedAnswer> {
  return new Promise((resolve, reject) => {
    waiting.push({ request, resolve, reject });
    proceed();
  });
}

function proceed(): void {
  if (underWay) return;
  const next = waiting[0];
  if (!next) {
    thread?.rest();
    return;
  }
  try {
    thread ??= openThread({ onAnswer, onReady, onCrash });
  } catch (cause) {
    giveUp(`it cannot be started: ${(cause as Error).message}`, cause);
    return;
  }
  if (!isReady) return;
  underWay = waiting.shift()!;
  patience = setTimeout(stopIt, PATIENCE);
  thread.post(next.request);
}

function onReady(): void {
  isReady = true;
  proceed();
}

function onAnswer(answer: IsolatedAnswer): void {
  const asked = underWay;
  release();
  asked?.resolve(answer);
  proceed();
}

function stopIt(): void {
  const asked = underWay;
  close();
  const source = asked && 'evaluate' in asked.request ? asked.request.evaluate : 'a schema';
  asked?.reject(
    new FlowError('FLOW-EXPRESSION-TIMEOUT', `The expression was stopped because it took too long: ${source}`, {
      expression: source,
    }),
  );
  proceed();
}

function onCrash(why: string): void {
  const asked = underWay;
  const wasReady = isReady;
  close();
  // One that was ready was brought down by what it worked at; one that never was cannot be had at all.
  if (!wasReady) {
    giveUp(why);
    return;
  }
  asked?.reject(new FlowError('FLOW-EXPRESSION-LIMIT', `The expression brought its thread down: ${why}.`));
  proceed();
}

function giveUp(why: string, cause?: unknown): void {
  for (const { reject } of waiting.splice(0))
    reject(
      new FlowError(
        'FLOW-EXPRESSION-THREAD',
        `An untrusted flow needs a thread of its own for its expressions, but ${why}. Serve the package from the page's own origin, and allow workers in the page's Content Security Policy (worker-src 'self').`,
        {},
        { cause },
      ),
    );
}

function release(): void {
  clearTimeout(patience);
  underWay = undefined;
}

function close(): void {
  thread?.terminate();
  thread = undefined;
  isReady = false;
  release();
}
