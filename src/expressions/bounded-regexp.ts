// The regular expressions of the library, bounded. Apart from it, because few expressions have one.
import { isExponential } from './ambiguity.js';
import { DEFAULT_LIMITS, tooMuch } from './limits.js';

/**
 * A regular expression engine that refuses what backtracks exponentially, and very long texts. (A definition nobody trusts belongs in a worker that can be terminated.)
 */
export class BoundedRegExp extends RegExp {
  constructor(pattern: string | RegExp, flags?: string) {
    const source = typeof pattern === 'string' ? pattern : pattern.source;
    super(pattern, flags);
    if (isExponential(source, this.ignoreCase))
      throw tooMuch(
        `the regular expression /${source}/ can read one text in very many ways; let what it repeats begin and end in one way only`,
      );
  }
  override exec(text: string): RegExpExecArray | null {
    if (text.length > DEFAULT_LIMITS.text) throw tooMuch(`a regular expression on ${text.length} characters`);
    return super.exec(text);
  }
}
