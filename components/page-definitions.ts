// Flow definitions in plain HTML: `<script type="application/flow+json">` with the definition inside, or with `src`.
import { runtime, type FlowDefinition } from '../src/runtime/index.js';

const read = new WeakSet<HTMLScriptElement>();
let watching = false;

/** Reads what is in the document now, and what is added later. */
export function readDefinitions(): void {
  if (typeof document === 'undefined') return;
  take(document);
  if (watching) return;
  watching = true;
  new MutationObserver((records) => {
    for (const record of records) for (const node of record.addedNodes) if (node instanceof Element) take(node);
  }).observe(document, { childList: true, subtree: true });
}

function take(root: ParentNode): void {
  const type = 'script[type="application/flow+json"]';
  const found = [...root.querySelectorAll<HTMLScriptElement>(type)];
  if (root instanceof HTMLScriptElement && root.matches(type)) found.push(root);
  for (const script of found) {
    if (read.has(script)) continue;
    read.add(script);
    const source = script.getAttribute('src');
    if (source !== null) {
      runtime.define(new URL(source, document.baseURI));
      continue;
    }
    try {
      const data = JSON.parse(script.textContent ?? '') as FlowDefinition | FlowDefinition[];
      runtime.define(...(Array.isArray(data) ? data : [data]));
    } catch (error) {
      console.error('[millrace] A <script type="application/flow+json"> does not hold JSON.', error, script);
    }
  }
}
