// The words of a foreign expression: what FEEL, JUEL (`${…}`), JavaScript, Groovy and XPath comparisons have in common.

export interface Word {
  readonly type: 'number' | 'string' | 'name' | 'operator' | 'end';
  readonly text: string;
}

const WORD =
  /\s+|(?<number>\d+(?:\.\d+)?(?![\w.]))|"(?<double>(?:[^"\\]|\\.)*)"|'(?<single>(?:[^'\\]|\\.)*)'|(?<name>[\p{L}_$][\p{L}\p{N}_$]*)|(?<operator>===|!==|==|!=|<=|>=|&&|\|\||[-+*/%<>=!?:.,()[\]{}])/uy;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** Undefined: there is something in it that these languages do not share. */
export function scan(source: string): readonly Word[] | undefined {
  const words: Word[] = [];
  WORD.lastIndex = 0;
  while (WORD.lastIndex < source.length) {
    const match = WORD.exec(source);
    if (!match) return undefined;
    const { number, double, single, name, operator } = match.groups!;
    const quoted = double ?? single;
    if (number !== undefined) words.push({ type: 'number', text: String(Number(number)) });
    else if (quoted !== undefined)
      words.push({ type: 'string', text: quoted.replaceAll(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c) });
    else if (name !== undefined) words.push({ type: 'name', text: name });
    else if (operator !== undefined) words.push({ type: 'operator', text: operator });
    if (words.length > 2000) return undefined;
  }
  words.push({ type: 'end', text: '' });
  return words;
}
