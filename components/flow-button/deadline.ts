// How long a person is willing to wait for a flow.
import { parseDuration } from '../../src/index.js';

export class Deadline {
  readonly #limit: number | undefined;
  readonly #passed: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `limit`: `PT30S`, or a number of seconds; anything else is no limit. */
  constructor(limit: string | undefined, passed: () => void) {
    this.#limit = milliseconds(limit);
    this.#passed = passed;
    this.restart();
  }

  restart(): void {
    this.end();
    if (this.#limit !== undefined) this.#timer = setTimeout(this.#passed, this.#limit);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

function milliseconds(limit: string | undefined): number | undefined {
  if (!limit) return undefined;
  const ms = parseDuration(limit) ?? Number(limit) * 1000;
  if (ms > 0) return ms;
  console.warn(`[millrace] timeout="${limit}" is neither a duration such as PT30S nor a number of seconds.`);
  return undefined;
}
