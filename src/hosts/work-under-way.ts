// What a host has begun and not ended yet, so that somebody can wait until nothing goes on; and turns of the event loop for
// others when answers come at once.
import { afterThisTurn } from './event-loop.js';

/** Answers of implementations between two turns of the event loop. */
const TURNS = 1000;

export class WorkUnderWay {
  #count = 0;
  /** Of these, calls of implementations. */
  #calls = 0;
  /** Beginnings and ends so far. */
  #changes = 0;
  #whenIdle: (() => void)[] = [];
  #answers = 0;

  begin(): void {
    this.#count++;
    this.#changes++;
  }

  end(): void {
    this.#count--;
    this.#changes++;
    if (this.#count === 0 && this.#whenIdle.length > 0) for (const idle of this.#whenIdle.splice(0)) idle();
  }

  during<T>(work: Promise<T>): Promise<T> {
    this.begin();
    return work.finally(() => this.end());
  }

  /** A call of an implementation begins. */
  beginCall(): void {
    this.begin();
    this.#calls++;
  }

  endCall(): void {
    this.#calls--;
    this.end();
  }

  /** False when calls have been all that goes on for so long (ms), and none has ended. */
  async rests(patience: number): Promise<boolean> {
    let seen = -1;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const nobodyAnswers = new Promise<false>((resolve) => {
      const look = (): void => {
        if (this.#calls > 0 && this.#calls === this.#count && this.#changes === seen) return resolve(false);
        seen = this.#changes;
        timer = setTimeout(look, patience);
      };
      look();
    });
    try {
      return await Promise.race([this.settled().then(() => true), nobodyAnswers]);
    } finally {
      clearTimeout(timer);
    }
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
