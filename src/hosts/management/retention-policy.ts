// How long a host keeps what nobody needs any more.

export interface RetentionPolicy {
  /** Completed and cancelled instances are removed this many days after their end. */
  readonly days?: number;
  /** At most this many of them are kept, the newest. */
  readonly instances?: number;
  /** Of a journal longer than twice this many commits, only the newest of them are kept. */
  readonly commits?: number;
  /**
   * For so many days a signal that comes again with the same id is known. Default 90, also where nothing else is asked for; the
   * memory host remembers as long as it lives.
   */
  readonly signals?: number;
}

export const SIGNALS_DAYS = 90;
/** ms. */
export const DAY = 86_400_000;
