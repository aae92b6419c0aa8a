// What a host has begun and not ended yet, so that somebody can wait until nothing goes on; and turns of the event loop for
// others when answers come at once.
import { afterThisTurn } from './event-loop.js';

/** Answers of implementations between two turns of the event loop. */
const TURNS = 1000;

export class WorkUnderWay {
  #count = 0;
  #whenIdle: (() => void)[] = [];
  #answers = 0;

  begin(count = 1): void {
    this.#count += count;
  }

  end(count = 1): void {
    this.#count -= count;
    if (this.#count === 0 && this.#whenIdle.length > 0) for (const idle of this.#whenIdle.splice(0)) idle();
  }

  during<T>(work: Promise<T>): Promise<T> {
    this.begin();
    return work.finally(() => this.end());
  }

  /** Resolves when nothing goes on. */
  async settled(): Promise<void> {
    do {
      if (this.#count > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
      // What a call has waited for may go on in this turn.
      await new Promise<void>(afterThisTurn);
    } while (this.#count > 0);
  }

  /** Answers that come at once are promise turns: without a pause, a loop of them would let nobody else have a turn. */
  inTurn(work: () => void): void {
    this.#answers++;
    if (this.#answers % TURNS === 0) afterThisTurn(work);
    else work();
  }
}
