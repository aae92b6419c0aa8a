// A press from its turn to its end: waits for earlier ones, has the flow done, and prepares what the page is told.
import { newId } from '../../src/runtime/index.js';
import { explained, failureNote } from './explain.js';
import { text } from '../localisation.js';
import { NotePlace } from './note-place.js';
import type { Press, RunOutcome } from './press.js';
import type { RunButton } from './run-button.js';

/** How a press ended, and how to tell the page: after the button is free again. */
export interface Ending {
  readonly outcome: RunOutcome;
  readonly tell: () => void;
}

export type Perform = (press: Press) => Promise<RunOutcome>;

/** Rejects only when what performs the press cannot be loaded. */
export async function conduct(
  button: RunButton,
  press: Press,
  before: readonly Press[],
  prepare: () => Promise<Perform>,
  turned: () => void,
): Promise<Ending> {
  const perform = await prepare();
  press.id ??= newId();
  button.notePlace ??= new NotePlace(button.attachShell(), () => void button.retry());
  turned();
  if (press.isQueued) {
    await Promise.race([Promise.all(before.map((p) => p.ended)), aborted(press.signal)]);
    press.isQueued = false;
    turned();
    if (press.signal.aborted && !button.isConnected)
      return ending(button, press, { status: 'dropped', reason: 'removed' });
  }
  const outcome = await performed(button, press, perform);
  // A failure keeps the overlay, to be read and perhaps tried again.
  if (outcome.status !== 'failed') await press.hold?.release();
  // Also somebody who cancels while the overlay is still to be read.
  if (outcome.status === 'completed' && press.signal.aborted) press.note = { text: text(button, 'too-late') };
  return ending(button, press, outcome);
}

async function performed(button: RunButton, press: Press, perform: Perform): Promise<RunOutcome> {
  try {
    return await perform(press);
  } catch (cause) {
    const note = failureNote(button, explained(button, cause, press));
    void press.hold?.release();
    press.note = note;
    return { status: 'failed', error: note.failure, ...(press.instance ? { instance: press.instance } : {}) };
  }
}

function ending(button: RunButton, press: Press, outcome: RunOutcome): Ending {
  const { instance } = outcome;
  const about = { instance, view: instance?.view };
  switch (outcome.status) {
    case 'completed':
      press.state = 'succeeded';
      return { outcome, tell: () => void button.announce('flow-complete', { ...about, output: outcome.output }) };
    case 'started':
      press.state = 'succeeded';
      return { outcome, tell: () => void button.announce('flow-started', { ...about, isNew: outcome.isNew }) };
    case 'cancelled':
      return { outcome, tell: () => void button.announce('flow-cancel', { ...about, reason: outcome.reason }) };
    case 'failed': {
      press.state = 'failed';
      const { error } = outcome;
      const { code, diagnostics } = error;
      return { outcome, tell: () => void button.announce('flow-error', { ...about, error, code, diagnostics }) };
    }
    default:
      return { outcome, tell: () => {} };
  }
}

function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', resolve, { once: true });
  });
}
