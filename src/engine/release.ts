// What has begun to be undone is undone to the end, also when whoever asked for it, or the subflow around it, is taken away: it
// goes on in the scope around, and nothing follows it there. An atomic subflow takes its compensations with it, because all that
// they have done is rolled back; and an end event that ends its scope at once ends what was thrown there, but never a sphere.
import type { JsonObject } from '../model/index.js';
import { planned, updateRun, type StepDraft } from './step-draft.js';
import type { Run, ScopeId, Undo } from './state.js';

/** Whether it is the run of a compensation handler. */
export function isUndoingRun({ undoes }: Run): boolean {
  return undoes !== undefined && undoes.act === undefined;
}

/** The runs that a compensation, or the end of a transaction, has under way. */
export function handlersOf(step: StepDraft, undo: string): readonly Run[] {
  return Object.values(step.state.runs).filter(({ undoes }) => undoes?.undo === undo);
}

/** The run is about to be taken away. Gives the handlers that go with it. */
export function releaseUndos(step: StepDraft, run: Run): readonly Run[] {
  const bound: Run[] = [];
  for (const [id, undo] of Object.entries(step.state.undos)) {
    if (undo.act) continue;
    const place = placeIn(step, undo.scope, run);
    if (!place && id !== run.token) continue;
    const handlers = handlersOf(step, id);
    if (place?.isAtomic) {
      delete step.state.undos[id];
      bound.push(...handlers);
    } else {
      release(step, id, undo, handlers, place ? run.scope : undo.scope, place?.locals ?? {});
    }
  }
  return bound;
}

/** The scope ends at once. Gives the handlers of thrown compensations in it, which end, too. */
export function dropThrown(step: StepDraft, scope: ScopeId): readonly Run[] {
  const dropped: Run[] = [];
  for (const [id, undo] of Object.entries(step.state.undos)) {
    if (undo.act || undo.failure || !isWithin(step, undo.scope, scope)) continue;
    delete step.state.undos[id];
    dropped.push(...handlersOf(step, id));
  }
  return dropped;
}

function isWithin(step: StepDraft, inner: ScopeId, scope: ScopeId): boolean {
  for (let s = inner; s !== scope; s = step.state.runs[s]?.scope ?? '') if (s === '') return false;
  return true;
}

interface Place {
  readonly isAtomic: boolean;
  /** Loop variables that are seen there and not around the run. */
  readonly locals: JsonObject;
}

/** Where in the body of the run this scope lies; undefined when it lies outside. */
function placeIn(step: StepDraft, scope: ScopeId, run: Run): Place | undefined {
  let isAtomic = false;
  let locals: JsonObject = {};
  for (let inner = step.state.runs[scope]; inner; inner = step.state.runs[inner.scope]) {
    if (planned(step, inner.activity).atomic) isAtomic = true;
    locals = { ...inner.locals, ...locals };
    if (inner.token === run.token) return { isAtomic, locals };
  }
  return undefined;
}

function release(
  step: StepDraft,
  id: string,
  { stack, failure }: Undo,
  handlers: readonly Run[],
  scope: ScopeId,
  locals: JsonObject,
): void {
  const seeing = <T extends { readonly locals?: JsonObject }>(what: T): T =>
    Object.keys(locals).length === 0 ? what : { ...what, locals: { ...locals, ...what.locals } };
  step.state.undos[id] = { scope, stack: stack.map(seeing), then: 'nothing', ...(failure ? { failure } : {}) };
  for (const handler of handlers) updateRun(step, handler.token, seeing({ ...handler, scope }));
  // One that is on its way.
  for (let i = step.done; i < step.agenda.length; i++) {
    const intent = step.agenda[i]!;
    if (intent.do === 'activate' && intent.how?.undoes?.undo === id)
      step.agenda[i] = { ...intent, scope, how: seeing(intent.how) };
  }
}
