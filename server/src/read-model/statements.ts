// Statements that are made for every turn or start, and whose text follows from the number of their rows alone: put together once,
// because that costs more than running them.
import { CompiledQuery, type Compilable, type Kysely } from 'kysely';
import type { Tables } from './schema.js';

/** Texts kept. */
const KEPT = 500;

export class Statements {
  readonly #texts = new Map<string, string>();

  /** `build` must take the values of the rows, in their order, and nothing else; all rows have the same columns. */
  async run<Row extends object, Result>(
    db: Kysely<Tables>,
    name: string,
    rows: readonly Row[],
    build: (rows: readonly Row[]) => Compilable<Result>,
  ): Promise<readonly Result[]> {
    if (rows.length === 0) return [];
    const key = `${name} ${rows.length}`;
    let text = this.#texts.get(key);
    if (text === undefined) {
      text = build(rows).compile().sql;
      this.#texts.set(key, text);
      if (this.#texts.size > KEPT) this.#texts.delete(this.#texts.keys().next().value!);
    }
    const values = rows.flatMap((row) => Object.values(row) as unknown[]);
    return (await db.executeQuery<Result>(CompiledQuery.raw(text, values))).rows;
  }
}
