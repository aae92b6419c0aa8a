// XML text → element tree by the metamodel of BPMN 2.0, on saxen. Elements of other namespaces become plain elements with
// `$children` and `$body`; whatever has no place is a problem with its line, never an exception. What bpmn-moddle reads is
// read the same way (a test compares the two); this reader is a third of its size and keeps every id that XML allows.
import { Parser } from 'saxen';
import { idOf, isElement, type BpmnElement } from '../elements.js';
import { elementOf, elementTypes, placeOf, type ElementType, type Member } from './types.js';

export type ProblemKind =
  | 'duplicate id'
  | 'illegal id'
  | 'unknown'
  | 'misplaced'
  | 'repeated'
  | 'value'
  | 'reference'
  | 'unread';

export interface ReadProblem {
  readonly kind: ProblemKind;
  readonly message: string;
  readonly line?: number;
  readonly element?: BpmnElement;
  /** The member of `element` that refers to something missing. */
  readonly property?: string;
  /** What it names, or what is unknown. */
  readonly value?: string;
}

/** Prefixes by which namespaces are known here, whatever a file calls them. */
const NAMESPACES = {
  'http://www.omg.org/spec/BPMN/20100524/MODEL': 'bpmn',
  // That of the beta, which some tools still write.
  'http://schema.omg.org/spec/BPMN/2.0': 'bpmn',
  'http://www.omg.org/spec/BPMN/20100524/DI': 'bpmndi',
  'http://www.omg.org/spec/DD/20100524/DC': 'dc',
  'http://www.omg.org/spec/DD/20100524/DI': 'di',
  'http://www.w3.org/2001/XMLSchema-instance': 'xsi',
  'http://www.w3.org/XML/1998/namespace': 'xml',
};
const XML_NAME = /^[\p{L}_][\p{L}\p{N}\p{M}._-]*$/u;
const FLOW_ID = /^[^\s|()]+$/;

type Open = { -readonly [M in keyof BpmnElement]: BpmnElement[M] };

/** What an XML element is read into. */
interface Frame {
  readonly element?: Open;
  readonly type?: ElementType;
  /** Where its text goes when it closes. */
  readonly take?: (text: string) => void;
  text: string;
}

interface Reference {
  readonly element: BpmnElement;
  readonly member: Member;
  readonly id: string;
}

export class ElementReader {
  readonly problems: ReadProblem[] = [];
  root: BpmnElement | undefined;
  readonly #stack: Frame[] = [];
  readonly #deepest: number;
  readonly #tooDeep: () => Error;
  readonly #byId = new Map<string, BpmnElement>();
  readonly #references: Reference[] = [];
  readonly #shapes: BpmnElement[] = [];

  constructor(deepest: number, tooDeep: () => Error) {
    this.#deepest = deepest;
    this.#tooDeep = tooDeep;
  }

  /** Throws what the parser throws where the text is no XML. */
  read(xml: string): BpmnElement {
    const parser = new Parser({ proxy: true });
    parser.ns(NAMESPACES);
    parser.on('openTag', (node, decode, _selfClosing, where) => {
      const attributes = Object.entries(node.attrs).map(([name, value]): [string, string] => [name, decode(value)]);
      if (this.#stack.length > this.#deepest) throw this.#tooDeep();
      this.#stack.push(this.#open(node.name, attributes, () => where().line + 1));
    });
    parser.on('closeTag', () => this.#close());
    parser.on('text', (text, decode, where) => {
      if (text.trim() !== '') this.#text(decode(text), where);
    });
    parser.on('cdata', (text, where) => this.#text(text, where));
    parser.on('warn', (error, where) => this.#problem('unread', `${error.message}`, where().line + 1));
    parser.on('error', (error, where) => {
      throw Object.assign(error, { line: where().line + 1 });
    });
    parser.parse(xml);
    if (!this.root) throw new Error('there is no root element');
    this.#resolve();
    return this.root;
  }

  #open(name: string, attributes: [string, string][], line: () => number): Frame {
    const parent = this.#stack.at(-1);
    if (!parent) return this.#openRoot(name, attributes);
    const { element: owner, type } = parent;
    // What cannot be read is passed over with everything in it; text may have markup.
    if (!owner) return this.#markup(parent);
    const isBpmn = name.startsWith('bpmn:');
    if (!type || type.name === 'ExtensionElements') return this.#foreign(owner, name, attributes);
    if (!isBpmn) {
      if (parent.take) return this.#markup(parent);
      if (name === 'bpmndi:BPMNDiagram' && type.name === 'Definitions') return this.#foreign(owner, name, attributes);
      this.#problem('unread', `unrecognized element <${name}>`, line(), owner, name);
      return { text: '' };
    }
    const local = name.slice(5);
    const named = type.members.get(local);
    if (named?.holds === 'child') return { text: '', take: (text) => this.#set(owner, named, text) };
    if (named?.holds === 'reference') return { text: '', take: (text) => this.#refer(owner, named, text) };
    if (named?.holds === 'elements') {
      const said = attributes
        .find(([a]) => a === 'xsi:type')?.[1]
        .replace(/^.*:/, '')
        .replace(/^t/, '');
      const actual = elementTypes().get(said ?? '');
      const own = elementTypes().get(named.type)!;
      return this.#element(owner, named, actual?.kinds.has(named.type) ? actual : own, attributes, line);
    }
    const found = elementTypes().get(local[0]!.toUpperCase() + local.slice(1));
    const place = found && local[0] === local[0]!.toLowerCase() ? placeOf(type, found) : undefined;
    if (found && place) return this.#element(owner, place, found, attributes, line);
    if (parent.take && !found) return this.#markup(parent);
    const known = found !== undefined || [...elementTypes().values()].some((t) => t.members.has(local));
    const message = known ? `<${name}> has no place in <bpmn:${lower(type.name)}>` : `unknown type <${name}>`;
    this.#problem(known ? 'misplaced' : 'unknown', message, line(), owner, name);
    return { text: '' };
  }

  #markup({ take }: Frame): Frame {
    const parent = this.#stack.at(-1)!;
    return take ? { text: '', take: (text) => void (parent.text += text) } : { text: '' };
  }

  #openRoot(name: string, attributes: [string, string][]): Frame {
    if (this.root) return { text: '' };
    if (name !== 'bpmn:definitions') throw new Error(`unexpected element <${name}>`);
    const type = elementTypes().get('Definitions')!;
    const element = this.#made(type, undefined, attributes, () => 1);
    this.root = element;
    return { element, type, text: '' };
  }

  #element(owner: Open, place: Member, type: ElementType, attributes: [string, string][], line: () => number): Frame {
    const element = this.#made(type, owner, attributes, line);
    const first = place.several || !Object.hasOwn(owner, place.name) ? undefined : owner[place.name];
    // Some tools write several of these; they count as one.
    if (first && type.name === 'ExtensionElements') return { element: first as Open, type, text: '' };
    if (first)
      this.#problem('repeated', `<bpmn:${lower(owner.$type.slice(5))}> has several`, line(), owner, place.name);
    this.#set(owner, place, element);
    const body = [...type.members.values()].find((m) => m.holds === 'body');
    return { element, type, text: '', ...(body ? { take: (text) => this.#set(element, body, text) } : {}) };
  }

  #made(type: ElementType, owner: Open | undefined, attributes: [string, string][], line: () => number): Open {
    const element = elementOf(type) as Open;
    // Not enumerable, so that whoever walks over the members stays inside the element.
    Object.defineProperty(element, '$parent', { value: owner });
    const foreign: Record<string, string> = {};
    Object.defineProperty(element, '$attrs', { value: foreign });
    for (const [full, value] of attributes) {
      const member = type.members.get(full.replace(/^bpmn:/, ''));
      if (!member && isPlain(full)) element[full] = value;
      else if (!member || member.holds === 'elements' || member.holds === 'body') foreign[full] = value;
      else if (member.holds === 'reference') {
        const ids = member.several ? value.trim().split(/\s+/) : [value];
        for (const id of ids) this.#refer(element, member, id);
      } else {
        const read = valueOf(member, value);
        if (read === undefined) this.#problem('value', `${full} is "${value}"`, line(), element, full);
        else this.#set(element, member, read);
      }
    }
    this.#register(element, line);
    return element;
  }

  #register(element: Open, line: () => number): void {
    const id = idOf(element);
    if (id === undefined) return;
    const first = this.#byId.get(id);
    if (first) {
      this.#problem('duplicate id', `duplicate ID <${id}>`, line(), first, id);
      delete element['id'];
      return;
    }
    this.#byId.set(id, element);
    if (!XML_NAME.test(id)) this.#problem('illegal id', `illegal ID <${id}>`, line(), element, id);
  }

  #foreign(owner: Open, name: string, attributes: [string, string][]): Frame {
    const element: Open = { $type: name };
    Object.defineProperty(element, '$parent', { value: owner });
    for (const [full, value] of attributes) if (full !== '__proto__' && !full.startsWith('$')) element[full] = value;
    const list =
      owner.$type === 'bpmn:ExtensionElements' ? 'values' : name === 'bpmndi:BPMNDiagram' ? 'diagrams' : '$children';
    if (Array.isArray(owner[list])) (owner[list] as unknown[]).push(element);
    else owner[list] = [element];
    if (attribute(attributes, 'bpmnElement') !== undefined) this.#shapes.push(element);
    return { element, text: '', take: (body) => void (element.$body = body) };
  }

  #text(body: string, where: () => { line: number }): void {
    const frame = this.#stack.at(-1);
    if (!frame) return;
    if (frame.take) frame.text += body;
    else if (frame.element && body.trim() !== '')
      this.#problem('unread', `unexpected body text <${body.trim().slice(0, 80)}>`, where().line + 1, frame.element);
  }

  #close(): void {
    const { take, text } = this.#stack.pop()!;
    if (take && text !== '') take(text);
  }

  #set(element: Open, member: Member, value: unknown): void {
    if (!member.several) element[member.name] = value;
    else if (Object.hasOwn(element, member.name)) (element[member.name] as unknown[]).push(value);
    else element[member.name] = [value];
  }

  #refer(element: BpmnElement, member: Member, id: string): void {
    // An empty one is none.
    if (id.trim() !== '') this.#references.push({ element, member, id: id.trim() });
  }

  /** References are qualified names in the schema (`messageRef="tns:order"`); most files have plain ids. */
  #resolve(): void {
    const find = (id: string): BpmnElement | undefined =>
      this.#byId.get(id) ?? this.#byId.get(id.replace(/^[^:]*:/, ''));
    for (const { element, member, id } of this.#references) {
      const found = find(id);
      if (found) this.#set(element as Open, member, found);
      else this.#problem('reference', `unresolved reference <${id}>`, undefined, element, member.name, id);
    }
    for (const shape of this.#shapes) {
      const id = String(shape['bpmnElement']).trim();
      const found = find(id);
      (shape as Open)['bpmnElement'] = found;
      if (!found) this.#problem('reference', `unresolved reference <${id}>`, undefined, shape, 'bpmnElement', id);
    }
    // A flow's ids may be anything but this; the element is then called after its kind.
    for (const [id, element] of this.#byId) if (!FLOW_ID.test(id)) delete (element as Open)['id'];
  }

  #problem(
    kind: ProblemKind,
    message: string,
    line: number | undefined,
    element?: BpmnElement,
    ...[property, value]: [property?: string, value?: string]
  ): void {
    const isReference = kind === 'reference';
    this.problems.push({
      kind,
      message,
      ...(line === undefined ? {} : { line }),
      ...(isElement(element) ? { element } : {}),
      ...(isReference && property !== undefined ? { property } : {}),
      ...(isReference ? (value === undefined ? {} : { value }) : property === undefined ? {} : { value: property }),
    });
  }
}

function valueOf({ holds }: Member, value: string): unknown {
  if (holds === 'boolean' && !/^\s*(?:true|false|1|0)\s*$/i.test(value)) return undefined;
  if (holds === 'boolean') return /true|1/i.test(value);
  return holds === 'number' ? Number(value) : value;
}

/** An attribute without a namespace is one of BPMN. */
function isPlain(name: string): boolean {
  return /^\w+$/.test(name) && name !== '__proto__' && name !== 'xmlns';
}

function lower(name: string): string {
  return name[0]!.toLowerCase() + name.slice(1);
}

function attribute(attributes: readonly [string, string][], name: string): string | undefined {
  return attributes.find(([a]) => a === name)?.[1];
}
