// Showing a flow's output in the page as text: by the `<template>` in the target, or plainly. Never as HTML.
import type { Json, JsonObject } from '../../src/runtime/index.js';

/**
 * With a `<template>` inside the target, its copy is shown with every `data-value="a.b"` element filled; a repeated run
 * replaces the copy before. Without one, the output's only value, or one line per name, becomes the text.
 */
export function showOutput(target: Element, output: JsonObject): void {
  const template = target.querySelector(':scope > template');
  if (template instanceof HTMLTemplateElement) {
    for (const child of [...target.childNodes]) if (child !== template) child.remove();
    const copy = template.content.cloneNode(true) as DocumentFragment;
    for (const element of copy.querySelectorAll<HTMLElement>('[data-value]')) {
      element.textContent = asText(valueAt(output, element.dataset['value']!));
    }
    target.append(copy);
    return;
  }
  const entries = Object.entries(output);
  target.textContent =
    entries.length === 1
      ? asText(entries[0]![1])
      : entries.map(([name, value]) => `${name}: ${asText(value)}`).join('\n');
}

function valueAt(value: Json, path: string): Json | undefined {
  let found: Json | undefined = value;
  for (const part of path.split('.')) found = (found as { [key: string]: Json } | null | undefined)?.[part];
  return found;
}

function asText(value: Json | undefined): string {
  return value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
