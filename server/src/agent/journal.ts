// What an agent has done, kept at its own site: a call whose answer did not get through is answered again, not done again.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import type { AgentOutcome } from '../flow-service/contract.js';

/** How long outcomes are kept, ms. */
const KEPT = 30 * 86_400_000;

export class AgentJournal {
  readonly #database: Database.Database;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#database = new Database(path);
    this.#database.pragma('journal_mode = WAL');
    this.#database.exec('create table if not exists outcomes (key text primary key, at integer, outcome text)');
    this.#database.exec('create table if not exists unanswered (key text primary key)');
    this.#database.prepare('delete from outcomes where at < ?').run(Date.now() - KEPT);
  }

  outcome(key: string): AgentOutcome | undefined {
    const found = this.#database.prepare('select outcome from outcomes where key = ?').get(key);
    const row = found as { outcome: string } | undefined;
    return row && (JSON.parse(row.outcome) as AgentOutcome);
  }

  /** First of all that it is not answered: the other way round, a crash in between would keep the answer from ever being sent. */
  keep(key: string, outcome: AgentOutcome): void {
    this.#database.prepare('insert or ignore into unanswered values (?)').run(key);
    this.#database
      .prepare('insert or replace into outcomes values (?, ?, ?)')
      .run(key, Date.now(), JSON.stringify(outcome));
  }

  answered(key: string): void {
    this.#database.prepare('delete from unanswered where key = ?').run(key);
  }

  /** What was done and could not be said. */
  unanswered(): readonly (readonly [key: string, outcome: AgentOutcome])[] {
    const rows = this.#database.prepare('select key, outcome from unanswered join outcomes using (key)').all();
    return (rows as { key: string; outcome: string }[]).map(({ key, outcome }) => [key, JSON.parse(outcome)] as const);
  }

  close(): void {
    this.#database.close();
  }
}
