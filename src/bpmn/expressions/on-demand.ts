// JSONata is taken as it stands; whoever reads other languages is loaded when the first file needs it. An import is a pure
// function of the file, so it is simply made again then: `ForeignExpression` says so.
import { readsOf } from './names.js';
import type { ParseOptions, Translated } from './parse.js';

export type Language = 'jsonata' | 'feel' | 'juel' | 'other';

export function languageOf(declared: string | undefined): Language {
  if (declared === undefined) return 'other';
  if (/jsonata/i.test(declared)) return 'jsonata';
  if (/feel|dmn/i.test(declared)) return 'feel';
  if (/juel|java\.sun\.com|uel/i.test(declared)) return 'juel';
  return 'other';
}

export class ForeignExpression extends Error {}

let foreign: typeof import('./translate.js').translate | undefined;

export async function loadForeign(): Promise<void> {
  foreign ??= (await import('./translate.js')).translate;
}

/** Undefined: it is kept in the report, but not run. */
export function translate(text: string, declared: string | undefined, options: ParseOptions): Translated | undefined {
  const source = text.trim();
  if (source === '') return undefined;
  if (languageOf(declared) === 'jsonata') return { source, reads: readsOf(source) };
  if (/^(?:\d+|true|false)$/.test(source)) return { source, reads: [] };
  if (!foreign) throw new ForeignExpression('It has expressions in another language than JSONata.');
  return foreign(source, languageOf(declared), options);
}
