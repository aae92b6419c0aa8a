// Bytes or text → element tree with lines. Size and depth are bounded, entities are refused, and whatever is wrong with the
// bytes becomes a `FlowError` with a code and a line.
import { FlowError } from '../model/index.js';
import { idOf, type BpmnElement } from './elements.js';
import { ElementReader, type ReadProblem } from './reader/read-elements.js';

export type { ReadProblem };

/** Longest text that is read, in characters; the largest of the public reference models has a quarter of a million. */
export const LONGEST_FILE = 20_000_000;
const DEEPEST = 400;

export interface BpmnDocument {
  readonly root: BpmnElement;
  readonly problems: readonly ReadProblem[];
  readonly xml: string;
  /** Line of the element's start tag, from 1. */
  readonly lineOf: (element: BpmnElement | string | undefined) => number | undefined;
}

export function readXml(source: string | Uint8Array): BpmnDocument {
  const xml = textOf(source);
  const reader = new ElementReader(
    DEEPEST,
    () =>
      new FlowError('BPMN-LIMIT', `The file nests elements more than ${DEEPEST} deep. Use call activities instead.`),
  );
  try {
    return { root: reader.read(xml), problems: reader.problems, xml, lineOf: linesOf(xml) };
  } catch (error) {
    throw unreadable(error);
  }
}

/** The text of a file; throws where it is too long or declares entities. */
export function textOf(source: string | Uint8Array): string {
  const xml = typeof source === 'string' ? source.replace(/^\uFEFF/, '') : decode(source);
  if (xml.length > LONGEST_FILE) throw tooLarge(xml.length);
  const declared = /<!DOCTYPE[^>]*<!ENTITY/i.exec(xml.slice(0, Math.max(0, xml.search(/<[A-Za-z_]/))));
  if (declared)
    throw new FlowError(
      'BPMN-XML',
      'The file declares XML entities, which a BPMN file never needs. Remove its <!DOCTYPE>.',
    );
  return xml;
}

/** What a parser has thrown, as an error that a person can act on. */
export function unreadable(error: unknown): FlowError {
  if (error instanceof FlowError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const line = (error as { line?: number }).line;
  return new FlowError(
    'BPMN-XML',
    `This is no BPMN 2.0 file: ${message.split('\n')[0]!.slice(0, 200)}${line === undefined ? '' : ` at line ${line}`}. A BPMN file has the root element <definitions> of the BPMN 2.0 namespace.`,
    {},
    { cause: error },
  );
}

/** Bytes as text, by byte order mark or XML declaration. */
function decode(bytes: Uint8Array): string {
  if (bytes.length > LONGEST_FILE * 4) throw tooLarge(bytes.length);
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  // Where the declaration can be read byte by byte, no declaration of two bytes a character is true.
  const declared = /^[^>]*encoding=["'](?!utf-?(?:16|32)|ucs)([\w.:-]+)["']/i.exec(head)?.[1];
  const isWide = (first: number, second: number): boolean => bytes[0] === first && bytes[1] === second;
  const marked =
    isWide(0xff, 0xfe) || isWide(0x3c, 0) ? 'utf-16le' : isWide(0xfe, 0xff) || isWide(0, 0x3c) ? 'utf-16be' : undefined;
  try {
    return new TextDecoder(marked ?? declared ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function tooLarge(length: number): FlowError {
  return new FlowError('BPMN-LIMIT', `The file has ${length} characters; at most ${LONGEST_FILE} are read. Split it.`);
}

function linesOf(xml: string): BpmnDocument['lineOf'] {
  let lines: Map<string, number> | undefined;
  const build = (): Map<string, number> => {
    const found = new Map<string, number>();
    let line = 1;
    let at = 0;
    for (const match of xml.matchAll(/\sid\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
      for (let next = xml.indexOf('\n', at); next >= 0 && next < match.index; next = xml.indexOf('\n', at)) {
        line++;
        at = next + 1;
      }
      const id = match[1] ?? match[2]!;
      if (!found.has(id)) found.set(id, line);
    }
    return found;
  };
  return (element) => {
    lines ??= build();
    for (let e = element; e !== undefined; e = typeof e === 'string' ? undefined : e.$parent) {
      const id = typeof e === 'string' ? e : idOf(e);
      const line = id === undefined ? undefined : lines.get(id);
      if (line !== undefined) return line;
    }
    return undefined;
  };
}
