// XML → element tree, by bpmn-moddle, which is loaded when first needed. Size and depth are bounded, entities are refused,
// and whatever is wrong with the bytes becomes a `FlowError` with a code and a line.
import { FlowError } from '../model/index.js';
import { idOf, isElement, type BpmnElement } from './elements.js';
import { withLegalIds, type LegalIds } from './legal-ids.js';

/** Longest text that is read, in characters; the largest of the public reference models has a quarter of a million. */
export const LONGEST_FILE = 20_000_000;
const DEEPEST = 400;

export interface ReadProblem {
  readonly message: string;
  readonly line?: number;
  readonly element?: BpmnElement;
  /** The member of `element` that refers to something missing, and what it names. */
  readonly property?: string;
  readonly value?: string;
}

export interface BpmnDocument {
  readonly root: BpmnElement;
  readonly problems: readonly ReadProblem[];
  /** Line of the element's start tag, from 1. */
  readonly lineOf: (element: BpmnElement | string | undefined) => number | undefined;
}

interface ModdleResult {
  readonly rootElement: BpmnElement;
  readonly elementsById?: Readonly<Record<string, BpmnElement>>;
  readonly warnings: { message: string; element?: BpmnElement; property?: string; value?: string }[];
}

export async function readXml(source: string | Uint8Array): Promise<BpmnDocument> {
  const xml = bounded(typeof source === 'string' ? source : decode(source));
  try {
    const first = (await (await createModdle()).fromXML(xml)) as ModdleResult;
    const illegal = first.warnings.flatMap((w) => ILLEGAL_ID.exec(w.message)?.[1] ?? []);
    const legal = withLegalIds(xml, illegal);
    const {
      rootElement,
      warnings,
      elementsById = {},
    } = legal ? ((await (await createModdle()).fromXML(legal.xml)) as ModdleResult) : first;
    if (!isElement(rootElement)) throw new Error('there is no root element');
    legal?.restore(rootElement);
    if (legal) warnings.push(...first.warnings.filter((w) => illegalId(w.message, legal)));
    const problems = warnings
      .filter((w) => !w.message.startsWith('unsupported document encoding') && !resolveQualified(w, elementsById))
      .map((w): ReadProblem => {
        const line = /line: (\d+)/.exec(w.message)?.[1];
        return {
          message: w.message,
          ...(line === undefined ? {} : { line: Number(line) + 1 }),
          ...(isElement(w.element) ? { element: w.element } : {}),
          ...(w.property === undefined ? {} : { property: w.property.replace(/^.*:/, '') }),
          ...(w.value === undefined ? {} : { value: String(w.value) }),
        };
      });
    return { root: rootElement, problems, lineOf: linesOf(xml) };
  } catch (error) {
    if (error instanceof FlowError) throw error;
    throw unreadable(error);
  }
}

/** The part of bpmn-moddle that is used. */
export interface Moddle {
  readonly registry: {
    readonly typeMap: Readonly<Record<string, { readonly properties: readonly { name: string; isAttr?: boolean }[] }>>;
  };
  fromXML(xml: string): Promise<unknown>;
  toXML(element: object, options?: { format?: boolean; preamble?: boolean }): Promise<{ xml: string }>;
  create(type: string, members?: object): object;
  createAny(type: string, namespace: string, members?: object): object;
}

/** The reader; its metamodel has the script of a global script task as an attribute, the standard as an element. */
export async function createModdle(): Promise<Moddle> {
  const moddle: Moddle = new (await import('bpmn-moddle')).BpmnModdle();
  const { properties } = moddle.registry.typeMap['bpmn:GlobalScriptTask']!;
  for (const property of properties) if (property.name === 'bpmn:script') property.isAttr = false;
  return moddle;
}

/** Many references are qualified names in the schema (`messageRef="tns:order"`); the reader looks for plain ids only. */
function resolveQualified(
  { element, property, value }: ModdleResult['warnings'][number],
  elements: Readonly<Record<string, BpmnElement>>,
): boolean {
  const local = /^[^:]+:([^:]+)$/.exec(value ?? '')?.[1];
  if (!element || property === undefined || local === undefined || !Object.hasOwn(elements, local)) return false;
  const holder = element as unknown as { get(property: string): unknown; set(property: string, value: unknown): void };
  const list = holder.get(property);
  if (Array.isArray(list)) list.push(elements[local]);
  else holder.set(property, elements[local]);
  return true;
}

function unreadable(error: unknown): FlowError {
  const message = error instanceof Error ? error.message : String(error);
  const nested = /nested error: ([^\n]*)/.exec(message)?.[1] ?? message.split('\n')[0]!;
  const line = /line: (\d+)/.exec(message)?.[1];
  const where = line === undefined ? '' : ` at line ${Number(line) + 1}`;
  return new FlowError(
    'BPMN-XML',
    `This is no BPMN 2.0 file: ${nested.slice(0, 200)}${where}. A BPMN file has the root element <definitions> of the BPMN 2.0 namespace.`,
    {},
    { cause: error },
  );
}

/** Bytes as text, by byte order mark or XML declaration. */
function decode(bytes: Uint8Array): string {
  if (bytes.length > LONGEST_FILE * 4) throw tooLarge(bytes.length);
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  const declared = /^[^>]*encoding=["']([\w.:-]+)["']/.exec(head)?.[1];
  const marked =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined;
  try {
    return new TextDecoder(marked ?? declared ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

const ILLEGAL_ID = /illegal ID <([^>]*)>/;

function illegalId(message: string, { isFine }: LegalIds): boolean {
  const id = ILLEGAL_ID.exec(message)?.[1];
  return id !== undefined && !isFine(id);
}

function tooLarge(length: number): FlowError {
  return new FlowError('BPMN-LIMIT', `The file has ${length} characters; at most ${LONGEST_FILE} are read. Split it.`);
}

function bounded(xml: string): string {
  if (xml.length > LONGEST_FILE) throw tooLarge(xml.length);
  if (/<!ENTITY/i.test(xml))
    throw new FlowError(
      'BPMN-XML',
      'The file declares XML entities, which a BPMN file never needs. Remove its <!DOCTYPE>.',
    );
  let depth = 0;
  for (const [, close, selfClosed] of xml.matchAll(/<(\/?)[A-Za-z_][^<>]*?(\/?)>/g)) {
    depth += close ? -1 : selfClosed ? 0 : 1;
    if (depth > DEEPEST)
      throw new FlowError(
        'BPMN-LIMIT',
        `The file nests elements more than ${DEEPEST} deep. Use call activities instead.`,
      );
  }
  return xml;
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
