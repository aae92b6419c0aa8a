// Whether a regular expression backtracks exponentially: whether there is a place in it from which two different ways lead back
// to it over the same text (exponential degree of ambiguity: Weber, Seidl, 1991; Weideman et al., 2016). Decided on the
// automaton of its positions (Glushkov). Ambiguity that costs a power of the length only is not looked for.

type Range = readonly [from: number, to: number];
type Characters = readonly Range[];

/** A part of the expression by its positions. */
interface Part {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly canBeEmpty: boolean;
}

const EMPTY: Part = { first: [], last: [], canBeEmpty: true };
/** Repetitions that are written out; beyond, they count as any number. */
const WRITTEN_OUT = 8;
const MOST_POSITIONS = 300;
const DEEPEST = 100;
const MOST_LOOKS = 1_000_000;
const HIGHEST = 0x10ffff;
const DIGITS: Characters = [[48, 57]];
const WORD: Characters = [...DIGITS, [65, 90], [95, 95], [97, 122]];
const SPACE: Characters = [[9, 13], [32, 32], [160, 160], [5760, 5760], [8192, 8202], [8232, 8233], [8239, 8239], [8287, 8287], [12288, 12288], [65279, 65279]]; // prettier-ignore
const LINE_ENDS: Characters = [[10, 10], [13, 13], [8232, 8233]]; // prettier-ignore
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, v: 11, f: 12, '0': 0 };

/** True too when there are too many positions to tell. The source must be a regular expression of JavaScript. */
export function isExponential(source: string, ignoreCase = false): boolean {
  const automaton = new Automaton(source, ignoreCase);
  return automaton.isTooLarge || automaton.isAmbiguous();
}

class Automaton {
  readonly #source: string;
  readonly #ignoreCase: boolean;
  readonly #characters: Characters[] = [];
  /** After each position, those that may come next: one that can be reached in two ways stands there twice. */
  readonly #next: number[][] = [];
  #at = 0;
  #looks = 0;
  #depth = 0;
  #isTooLarge = false;

  constructor(source: string, ignoreCase: boolean) {
    this.#source = source;
    this.#ignoreCase = ignoreCase;
    while (this.#at < source.length && !this.isTooLarge) {
      this.#alternatives();
      this.#at++;
    }
  }

  get isTooLarge(): boolean {
    this.#isTooLarge ||= this.#characters.length > MOST_POSITIONS || this.#depth > DEEPEST;
    return this.#isTooLarge;
  }

  /** True too when it takes too long to tell. */
  isAmbiguous(): boolean {
    const before: number[][] = this.#next.map(() => []);
    for (const [p, ways] of this.#next.entries()) for (const way of ways) before[way]!.push(p);
    return this.#next.some((ways, position) => {
      const behind = this.#reached(position, before);
      const around = new Set([...this.#reached(position, this.#next)].filter((p) => behind.has(p)));
      const back = ways.filter((way) => around.has(way));
      return back.some((a, i) =>
        back.some((b, j) => i < j && this.#overlap(a, b) && this.#meetAgain(a, b, position, around)),
      );
    });
  }

  #reached(position: number, ways: readonly (readonly number[])[]): ReadonlySet<number> {
    const found = new Set(ways[position]);
    for (const p of found)
      for (const way of ways[p]!) {
        this.#looks++;
        found.add(way);
      }
    return found;
  }

  /** Whether the same text leads from both positions to that one. */
  #meetAgain(a: number, b: number, meeting: number, around: ReadonlySet<number>): boolean {
    const size = this.#characters.length;
    const seen = new Set([a * size + b]);
    for (const pair of seen) {
      const [left, right] = [Math.floor(pair / size), pair % size];
      if ((left === meeting && right === meeting) || this.#looks > MOST_LOOKS) return true;
      for (const l of this.#next[left]!) {
        if (!around.has(l)) continue;
        for (const r of this.#next[right]!) if (around.has(r) && this.#overlap(l, r)) seen.add(l * size + r);
      }
    }
    return false;
  }

  #overlap(a: number, b: number): boolean {
    this.#looks++;
    return this.#characters[a]!.some(([from, to]) => this.#characters[b]!.some((o) => from <= o[1] && o[0] <= to));
  }

  #alternatives(): Part {
    let whole = this.#sequence();
    while (this.#take('|')) {
      const other = this.#sequence();
      whole = {
        first: [...whole.first, ...other.first],
        last: [...whole.last, ...other.last],
        canBeEmpty: whole.canBeEmpty || other.canBeEmpty,
      };
    }
    return whole;
  }

  #sequence(): Part {
    let whole = EMPTY;
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at]!) && !this.isTooLarge)
      whole = this.#join(whole, this.#term());
    return whole;
  }

  #join(a: Part, b: Part): Part {
    for (const p of a.last) this.#next[p]!.push(...b.first);
    return {
      first: a.canBeEmpty ? [...a.first, ...b.first] : a.first,
      last: b.canBeEmpty ? [...a.last, ...b.last] : b.last,
      canBeEmpty: a.canBeEmpty && b.canBeEmpty,
    };
  }

  #term(): Part {
    const start = this.#at;
    const part = this.#atom();
    const [quantifier, least = '', comma, most = ''] =
      /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/.exec(this.#source.slice(this.#at, this.#at + 24)) ?? [];
    if (quantifier === undefined) return part;
    const end = this.#at + quantifier.length;
    this.#at = end;
    const kind = quantifier[0]!;
    if (kind === '?') return { ...part, canBeEmpty: true };
    if (kind !== '{') return this.#repeated(part, kind === '*');
    const [from, to] = [Number(least), comma === undefined ? Number(least) : most === '' ? Infinity : Number(most)];
    if (to === 0) return EMPTY;
    if (to > WRITTEN_OUT) return this.#repeated(part, from === 0);
    let whole = part;
    for (let i = 1; i < to && !this.isTooLarge; i++) {
      this.#at = start;
      const again = this.#atom();
      whole = this.#join(whole, i < from ? again : { ...again, canBeEmpty: true });
    }
    this.#at = end;
    return from === 0 ? { ...whole, canBeEmpty: true } : whole;
  }

  #repeated(part: Part, canBeEmpty: boolean): Part {
    for (const p of part.last) this.#next[p]!.push(...part.first);
    return { ...part, canBeEmpty: part.canBeEmpty || canBeEmpty };
  }

  #atom(): Part {
    const character = this.#source[this.#at++]!;
    if (character === '(') {
      const [kind = ''] = /^\?(?:[:=!]|<[=!]|<[^>]*>)/.exec(this.#source.slice(this.#at)) ?? [];
      this.#at += kind.length;
      this.#depth++;
      const inner = this.isTooLarge ? EMPTY : this.#alternatives();
      this.#depth--;
      this.#take(')');
      // What only looks has positions of its own, and nothing before or after it.
      return /[=!]$/.test(kind) ? EMPTY : inner;
    }
    if (character === '[') return this.#position(this.#class());
    if (character === '.') return this.#position(without(LINE_ENDS));
    if (character === '^' || character === '$') return EMPTY;
    if (character !== '\\') return this.#position([only(character.charCodeAt(0))]);
    if (/[bB]/.test(this.#source[this.#at]!)) {
      this.#at++;
      return EMPTY;
    }
    return this.#position(this.#escape());
  }

  #position(characters: Characters): Part {
    const position = this.#characters.push(this.#ignoreCase ? inBothCases(characters) : characters) - 1;
    this.#next.push([]);
    return { first: [position], last: [position], canBeEmpty: false };
  }

  #class(): Characters {
    const isNegated = this.#take('^');
    const found: Range[] = [];
    while (this.#at < this.#source.length && !this.#take(']')) {
      const from = this.#member();
      if (this.#source[this.#at] === '-' && this.#source[this.#at + 1] !== ']' && from.length === 1) {
        this.#at++;
        const to = this.#member();
        found.push([from[0]![0], to[0]![1]]);
      } else found.push(...from);
    }
    return isNegated ? without(found) : found;
  }

  #member(): Characters {
    const character = this.#source[this.#at++]!;
    if (character !== '\\') return [only(character.charCodeAt(0))];
    if (this.#take('b')) return [only(8)];
    return this.#escape();
  }

  /** Behind a backslash. What stands for what a group has found may be anything. */
  #escape(): Characters {
    const letter = this.#source[this.#at++] ?? '\\';
    const sets: Readonly<Record<string, Characters>> = { d: DIGITS, w: WORD, s: SPACE };
    const set = sets[letter.toLowerCase()];
    if (set) return letter === letter.toLowerCase() ? set : without(set);
    if (CONTROLS[letter] !== undefined) return [only(CONTROLS[letter])];
    if (/[1-9k]/.test(letter)) return [[0, HIGHEST]];
    const digits = letter === 'x' ? 2 : letter === 'u' ? 4 : 0;
    const code = this.#source.slice(this.#at, this.#at + digits);
    if (digits > 0 && /^[\da-f]+$/i.test(code) && code.length === digits) {
      this.#at += digits;
      return [only(Number.parseInt(code, 16))];
    }
    return [only(letter.charCodeAt(0))];
  }

  #take(character: string): boolean {
    const isThere = this.#source[this.#at] === character;
    if (isThere) this.#at++;
    return isThere;
  }
}

function only(code: number): Range {
  return [code, code];
}

function without(characters: Characters): Characters {
  const found: Range[] = [];
  let from = 0;
  for (const [a, b] of characters.toSorted((x, y) => x[0] - y[0])) {
    if (a > from) found.push([from, a - 1]);
    from = Math.max(from, b + 1);
  }
  return from <= HIGHEST ? [...found, [from, HIGHEST]] : found;
}

/** Of the letters of ASCII. */
function inBothCases(characters: Characters): Characters {
  const found = [...characters];
  for (const [from, to] of characters)
    for (const [a, b, shift] of [
      [65, 90, 32],
      [97, 122, -32],
    ] as const)
      // prettier-ignore
      if (from <= b && a <= to) found.push([Math.max(from, a) + shift, Math.min(to, b) + shift]);
  return found;
}
