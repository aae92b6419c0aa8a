// The metamodel taken apart: types with what they inherit, and prototypes that carry the defaults of the standard.
import type { BpmnElement } from '../elements.js';
import { METAMODEL } from './metamodel.js';

export interface Member {
  readonly name: string;
  /** What it holds: text (`body`: the text in the element, `child`: an element with nothing but text), references, elements. */
  readonly holds: 'text' | 'boolean' | 'number' | 'body' | 'child' | 'reference' | 'elements';
  readonly several: boolean;
  /** Of elements: their type. */
  readonly type: string;
}

export interface ElementType {
  readonly name: string;
  /** Itself and what it is derived from. */
  readonly kinds: ReadonlySet<string>;
  /** Inherited ones first. */
  readonly members: ReadonlyMap<string, Member>;
  readonly prototype: object;
}

const HOLDS = {
  '?': 'boolean',
  '#': 'number',
  '&': 'reference',
  '!': 'body',
  $: 'child',
  ':': 'elements',
  '*': 'elements',
} as const;

let types: ReadonlyMap<string, ElementType> | undefined;

export function elementTypes(): ReadonlyMap<string, ElementType> {
  return (types ??= takenApart());
}

function takenApart(): ReadonlyMap<string, ElementType> {
  const lines = new Map(METAMODEL.split('\n').map((line) => [/^\w+/.exec(line)![0], line]));
  const found = new Map<string, ElementType>();
  const typeOf = (name: string): ElementType => {
    const known = found.get(name);
    if (known) return known;
    const [head = '', ...own] = lines.get(name)!.split(' ');
    const supers = head.split('<').slice(1).map(typeOf);
    const kinds = new Set([name, ...supers.flatMap((s) => [...s.kinds])]);
    const members = new Map(supers.flatMap((s) => [...s.members]));
    const prototype = Object.assign(Object.create(null) as object, ...supers.map((s) => s.prototype), {
      $type: `bpmn:${name}`,
      $instanceOf: (type: string) => kinds.has(type.slice(5)),
    }) as Record<string, unknown>;
    for (const token of own) {
      const [, member = '', sign = '', rest = ''] = /^(\w+)(.?)(.*)$/.exec(token)!;
      const holds = sign === '=' ? 'text' : HOLDS[sign as keyof typeof HOLDS];
      const singular = member[0]!.toUpperCase() + member.slice(1, sign === '*' ? -1 : undefined);
      members.set(member, { name: member, holds, several: sign === '*' || rest === '*', type: rest || singular });
      if (rest !== '' && (sign === '=' || sign === '#')) prototype[member] = sign === '=' ? rest : Number(rest);
      if (sign === '?' && rest !== '') prototype[member] = rest === '+';
    }
    const type: ElementType = { name, kinds, members, prototype };
    found.set(name, type);
    return type;
  };
  for (const name of lines.keys()) typeOf(name);
  return found;
}

/** A new element of the type, with the defaults of the standard. */
export function elementOf(type: ElementType): BpmnElement {
  return Object.create(type.prototype) as BpmnElement;
}

/** The member of `owner` in which elements of `type` stand. */
export function placeOf(owner: ElementType, type: ElementType): Member | undefined {
  for (const member of owner.members.values())
    if (member.holds === 'elements' && type.kinds.has(member.type)) return member;
  return undefined;
}
