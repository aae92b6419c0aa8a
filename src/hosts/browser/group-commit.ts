// All steps that are ready while a transaction is in flight go into the next one together: the cost of a commit is per
// transaction, not per byte. Each unit is checked on its own (epoch, journal row), so one refusal does not spoil others.
import { FlowError } from '../../model/index.js';
import { unheeded, type Connection } from './connection.js';
import type { InstanceRecord, JournalRow, LedgerRow, StoreName, WriteTransaction } from './schema.js';

/** One step of one instance, or a ledger entry: written whole or not at all. */
export interface CommitUnit {
  readonly instance?: InstanceRecord;
  readonly journal?: JournalRow;
  readonly ledger?: LedgerRow;
  readonly definition?: { readonly hash: string; readonly definition: never };
  readonly ledgers?: readonly LedgerRow[];
  /** The journal of a whole instance that is taken in. */
  readonly journals?: readonly JournalRow[];
  /** Takes the place of all rows of its journal up to it. */
  readonly compacted?: JournalRow;
  /** Everything of this instance goes. */
  readonly removed?: string;
  /** Inbox and signal rows that the step consumes. */
  readonly inbox?: number;
  readonly signal?: number;
}

const STORES: readonly StoreName[] = ['definitions', 'instances', 'journal', 'inbox', 'signals', 'ledger', 'meta'];

interface Pending {
  readonly unit: CommitUnit;
  readonly epoch: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommit {
  readonly #connection: Connection;
  #queue: Pending[] = [];
  #writing = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Resolves when the unit is as durable as the connection makes it. Rejects with `FLOW-FENCED` when another tab has
   * taken over since `epoch`, `FLOW-CONFLICT` when the journal has grown meanwhile, or a storage error.
   */
  commit(unit: CommitUnit, epoch: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ unit, epoch, resolve, reject });
      if (!this.#writing) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#writing = true;
    // Let everything that becomes ready in this turn into the same transaction.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      await this.#write(batch);
    }
    this.#writing = false;
  }

  async #write(batch: readonly Pending[]): Promise<void> {
    const refused = new Map<Pending, FlowError>();
    try {
      await this.#connection.write(async (tx) => {
        const current = (await tx.objectStore('meta').get('epoch'))?.value ?? 0;
        const rows = await Promise.all(
          batch.map(({ unit: { journal } }) => journal && tx.objectStore('journal').get([journal.id, journal.row])),
        );
        for (const [i, pending] of batch.entries()) {
          const { journal } = pending.unit;
          if (pending.epoch !== current) refused.set(pending, fenced());
          // A connection that was lost may have taken the answer with it, but not the commit.
          else if (rows[i] && rows[i].epoch === journal!.epoch && rows[i].hash === journal!.hash) continue;
          else if (rows[i]) refused.set(pending, conflict(journal!.id));
          else put(tx, pending.unit);
        }
      }, STORES);
    } catch (error) {
      if (batch.length === 1) return batch[0]!.reject(error);
      // One unit may be too large for what is left of the quota, or not storable at all: the others must not suffer.
      for (const pending of batch) await this.#write([pending]);
      return;
    }
    for (const pending of batch) {
      const refusal = refused.get(pending);
      if (refusal) pending.reject(refusal);
      else pending.resolve();
    }
  }
}

function put(tx: WriteTransaction, unit: CommitUnit): void {
  if (unit.definition) unheeded(tx.objectStore('definitions').put(unit.definition));
  if (unit.instance) unheeded(tx.objectStore('instances').put(unit.instance));
  if (unit.journal) unheeded(tx.objectStore('journal').add(unit.journal));
  if (unit.removed !== undefined) {
    unheeded(tx.objectStore('instances').delete(unit.removed));
    unheeded(tx.objectStore('journal').delete(IDBKeyRange.bound([unit.removed, 0], [unit.removed, Infinity])));
    unheeded(tx.objectStore('ledger').delete(IDBKeyRange.bound([unit.removed], [unit.removed, []])));
  }
  if (unit.compacted) {
    const { id, row } = unit.compacted;
    unheeded(tx.objectStore('journal').delete(IDBKeyRange.bound([id, 0], [id, row])));
    unheeded(tx.objectStore('journal').put(unit.compacted));
  }
  for (const row of unit.journals ?? []) unheeded(tx.objectStore('journal').put(row));
  for (const row of unit.ledgers ?? []) unheeded(tx.objectStore('ledger').put(row));
  if (unit.ledger) unheeded(tx.objectStore('ledger').put(unit.ledger));
  if (unit.inbox !== undefined) unheeded(tx.objectStore('inbox').delete(unit.inbox));
  if (unit.signal !== undefined) unheeded(tx.objectStore('signals').delete(unit.signal));
}

function fenced(): FlowError {
  return new FlowError(
    'FLOW-FENCED',
    "Another tab has taken over running this site's processes.",
    {},
    { retryable: true },
  );
}

function conflict(instance: string): FlowError {
  return new FlowError('FLOW-CONFLICT', 'The instance has changed meanwhile.', { instance }, { retryable: true });
}
