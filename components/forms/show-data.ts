// Data in the page, as text and never as HTML: by the `<template>` of an element, by the `data-value` places in it, or plainly.
import type { Json, JsonObject } from '../../src/runtime/index.js';

/**
 * Shows data in an element. With a `<template>` in it (or when it is one), a copy stands behind the template and replaces
 * the copy before. Otherwise the `data-value` places in it are filled; without any, its text becomes the only value, or
 * one line per name.
 */
export function showData(target: Element, data: JsonObject): void {
  const template =
    target instanceof HTMLTemplateElement ? target : target.querySelector<HTMLTemplateElement>(':scope > template');
  if (template) {
    shown.get(template)?.forEach((old) => old.remove());
    const copy = template.content.cloneNode(true) as DocumentFragment;
    fillPlaces(copy, data);
    shown.set(template, [...copy.childNodes]);
    template.after(copy);
    return;
  }
  if (target.querySelector('[data-value]')) return fillPlaces(target, data);
  const entries = Object.entries(data);
  const text =
    entries.length === 1
      ? asText(entries[0]![1])
      : entries.map(([name, value]) => `${name}: ${asText(value)}`).join('\n');
  if ('value' in target) target.value = text;
  else target.textContent = text;
}

const shown = new WeakMap<HTMLTemplateElement, ChildNode[]>();
const repeated = new WeakMap<Element, Element[]>();

/**
 * Fills `data-value="order.total"` with text. A `data-each="items"` element is repeated per item, and its places read the
 * item; a `data-if="path"` element is hidden unless there is something at the path.
 */
export function fillPlaces(root: ParentNode, data: Json): void {
  for (const element of [...root.children] as HTMLElement[]) {
    // A repetition that came before may have removed it.
    if (element.parentNode === root) fill(element, data);
  }
}

function fill(element: HTMLElement, data: Json): void {
  const { each, if: condition, value: path } = element.dataset;
  if (each !== undefined) return repeat(element, valueAt(data, each));
  if (condition !== undefined) {
    const value = valueAt(data, condition);
    element.hidden = !value || (Array.isArray(value) && value.length === 0);
  }
  if (path === undefined) return fillPlaces(element, data);
  const text = asText(valueAt(data, path));
  if ('value' in element && element.localName !== 'li') element.value = text;
  else element.textContent = text;
}

/** The element itself stays hidden as the pattern of its copies. */
function repeat(pattern: HTMLElement, items: Json | undefined): void {
  for (const old of repeated.get(pattern) ?? []) old.remove();
  const copies = (Array.isArray(items) ? (items as readonly Json[]) : []).map((item) => {
    const copy = pattern.cloneNode(true) as HTMLElement;
    copy.hidden = false;
    delete copy.dataset['each'];
    fill(copy, item);
    return copy;
  });
  pattern.hidden = true;
  repeated.set(pattern, copies);
  pattern.after(...copies);
}

/** `""` or `.` is the value itself. */
function valueAt(value: Json, path: string): Json | undefined {
  let found: Json | undefined = value;
  for (const part of path.split('.').filter(Boolean)) {
    found =
      typeof found === 'object' && found !== null && Object.hasOwn(found, part)
        ? (found as { [key: string]: Json })[part]
        : undefined;
  }
  return found;
}

export function asText(value: Json | undefined): string {
  return value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
