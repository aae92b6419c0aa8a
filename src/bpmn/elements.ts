// A typed, cautious view of the tree that bpmn-moddle builds: whatever a file says, an accessor gives a value of the
// type it promises or nothing.

export interface BpmnElement {
  readonly $type: string;
  readonly $parent?: BpmnElement;
  /** Attributes of namespaces that the reader has no model of, by their prefixed name. */
  readonly $attrs?: Readonly<Record<string, unknown>>;
  /** Content of an element of a foreign namespace. */
  readonly $children?: readonly BpmnElement[];
  readonly $body?: string;
  $instanceOf?(type: string): boolean;
  readonly [member: string]: unknown;
}

export function isElement(value: unknown): value is BpmnElement {
  return typeof value === 'object' && value !== null && typeof (value as BpmnElement).$type === 'string';
}

/** `bpmn:UserTask` → `UserTask`. */
export function kindOf(element: BpmnElement): string {
  return element.$type.slice(element.$type.indexOf(':') + 1);
}

/** Whether the element is of a BPMN type or of one derived from it, e.g. `is(e, 'Activity')`. */
export function is(element: BpmnElement | undefined, type: string): boolean {
  if (!element) return false;
  return element.$instanceOf ? element.$instanceOf(`bpmn:${type}`) : element.$type === `bpmn:${type}`;
}

export function one(element: BpmnElement | undefined, member: string): BpmnElement | undefined {
  const value = element?.[member];
  return isElement(value) ? value : undefined;
}

export function many(element: BpmnElement | undefined, member: string): readonly BpmnElement[] {
  const value = element?.[member];
  return Array.isArray(value) ? value.filter(isElement) : [];
}

/** A string that has something in it. */
export function text(element: BpmnElement | undefined, member: string): string | undefined {
  const value = element?.[member];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

export function flag(element: BpmnElement | undefined, member: string): boolean | undefined {
  const value = element?.[member];
  return typeof value === 'boolean' ? value : undefined;
}

export function number(element: BpmnElement | undefined, member: string): number | undefined {
  const value = element?.[member];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function idOf(element: BpmnElement | undefined): string | undefined {
  return text(element, 'id');
}

export function nameOf(element: BpmnElement | undefined): string | undefined {
  return text(element, 'name')?.replaceAll(/\s+/g, ' ');
}

/** The nearest element around it that is of the type. */
export function around(element: BpmnElement, type: string): BpmnElement | undefined {
  let found = element.$parent;
  while (found && !is(found, type)) found = found.$parent;
  return found;
}

/** Every element below this one, itself first; references are not followed, diagrams are left out. */
export function* everyElement(root: BpmnElement): Generator<BpmnElement> {
  const open = [root];
  const seen = new Set<BpmnElement>();
  for (let element = open.pop(); element; element = open.pop()) {
    if (seen.has(element)) continue;
    seen.add(element);
    yield element;
    const inside: BpmnElement[] = [];
    for (const [member, value] of Object.entries(element)) {
      if (member === 'diagrams' || member === 'di' || member.startsWith('$')) continue;
      for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
        if (isElement(child) && child.$parent === element) inside.push(child);
    }
    open.push(...inside.reverse());
  }
}

/** The event definitions of an event: those inside it and those it refers to. */
export function eventDefinitionsOf(event: BpmnElement): readonly BpmnElement[] {
  return [...many(event, 'eventDefinitions'), ...many(event, 'eventDefinitionRef')];
}

/** The process or sub-process whose flow elements include this one. */
export function scopeOf(element: BpmnElement | undefined): BpmnElement | undefined {
  return element?.$parent;
}
