// Expressions of BPMN files as JSONata: JSONata as it stands; `${…}`, FEEL and simple comparisons where the meaning is
// certain; nothing else.
import { readsOf } from './names.js';
import { parse, type ParseOptions, type Translated } from './parse.js';

export type { Translated } from './parse.js';
export type Language = 'jsonata' | 'feel' | 'juel' | 'other';

export function languageOf(declared: string | undefined): Language {
  if (declared === undefined) return 'other';
  if (/jsonata/i.test(declared)) return 'jsonata';
  if (/feel|dmn/i.test(declared)) return 'feel';
  if (/juel|java\.sun\.com|uel/i.test(declared)) return 'juel';
  return 'other';
}

const PLACEHOLDER = /[$#]\{([^{}]*)\}/g;

/** Undefined: it is kept in the report, but not run. */
export function translate(
  text: string,
  declared: string | undefined,
  { rename = {}, names = false }: ParseOptions = {},
): Translated | undefined {
  const source = text.trim();
  const language = languageOf(declared);
  if (source === '') return undefined;
  if (language === 'jsonata') return { source, reads: readsOf(source) };
  const feel = source.startsWith('=') && !source.startsWith('==');
  if (feel) return parse(source.slice(1), { rename, names: true, blanks: true });
  const whole = /^[$#]\{([^{}]*)\}$/.exec(source);
  if (whole) return parse(whole[1]!, { rename, names: true });
  if (/[$#]\{/.test(source)) return composite(source, rename);
  return parse(source, { rename, names: names || language === 'feel', blanks: true });
}

/** `Order ${id} of ${name}` is a text. */
function composite(source: string, rename: ParseOptions['rename']): Translated | undefined {
  const parts: string[] = [];
  const reads = new Set<string>();
  let at = 0;
  for (const match of source.matchAll(PLACEHOLDER)) {
    if (match.index > at) parts.push(JSON.stringify(source.slice(at, match.index)));
    const inner = parse(match[1]!, { ...(rename ? { rename } : {}), names: true });
    if (!inner) return undefined;
    for (const name of inner.reads) reads.add(name);
    parts.push(/^[\w$`.]+$/.test(inner.source) ? inner.source : `(${inner.source})`);
    at = match.index + match[0].length;
  }
  if (at < source.length) parts.push(JSON.stringify(source.slice(at)));
  return { source: parts.length === 1 ? parts[0]! : parts.join(' & '), reads: [...reads] };
}
