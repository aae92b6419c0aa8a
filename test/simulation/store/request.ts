// A simulated IndexedDB request: pending, then done with a result or an error.
import { Target } from './target.js';
import type { Transaction } from './transaction.js';

export class Request extends Target {
  result: unknown = undefined;
  error: DOMException | null = null;
  readyState: 'pending' | 'done' = 'pending';

  constructor(
    readonly source: unknown,
    public transaction: Transaction | null,
  ) {
    super();
  }

  succeed(): void {
    this.readyState = 'done';
    this.dispatch({ type: 'success', target: this });
  }

  fail(error: DOMException): void {
    this.readyState = 'done';
    this.result = undefined;
    this.error = error;
    this.dispatch({ type: 'error', target: this });
  }
}

export class OpenRequest extends Request {}
