// One step of an instance: `advance(plan, state, event)` gives the next state, or the very same state when the event is
// stale, a duplicate or out of place. Pure: no clock, no storage, no expressions; everything it needs is in the event.
import { hasErrorsIn } from './refusals.js';
import type { Plan } from '../compiler/index.js';
import { activate, complete, invoke, prepare, settle, start } from './activity-life.js';
import { failAttempt, failRun, fireBoundary } from './failure.js';
import { releaseMutex } from './mutex.js';
import { needsOf, roleOf } from './needs.js';
import { enterBody, fireJoin, stuckJoin } from './token-game.js';
import { terminateRun, terminateScope } from './termination.js';
import { draftStep, finishStep, hasRuns, note, planned, updateRun, write, type StepDraft } from './step-draft.js';
import type { FlowEvent, FlowState, Run, ScopeId, Settled } from './state.js';
