// An instance as it leaves the server, to be kept in a file or to go on elsewhere, and one that comes from there. Definition and
// history are in the read model; the rest is the object's own.
import type { InstanceArchive } from '../../../src/hosts/kit.js';
import type { CompiledFlow } from '../../../src/index.js';
import { isOnce } from './activities.js';
import type { Change } from './contract.js';
import type { StoredInstance } from './stored-instance.js';

/** Calls that have begun and must not be made again on the quiet. */
type Begun = InstanceArchive['begun'];

export interface GivenOut extends StoredInstance {
  readonly begun: Begun;
}

export interface TakenIn extends GivenOut {
  /** Its history, one part per row of its journal. */
  readonly rows: readonly Change['records'][];
}

export function giveOut(flow: CompiledFlow, { stored, state, fold }: StoredInstance): GivenOut {
  const begun = Object.values(state.runs)
    .filter((run) => run.phase === 'effect' && isOnce(flow, run))
    .map(({ token, attempt }) => ({ token, attempt }));
  return { stored, state, fold, begun };
}
