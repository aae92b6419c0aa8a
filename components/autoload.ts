// Defines elements when the page first has them, also in what is added later: for pages that should load nothing they do
// not use. `import 'millrace/components'` defines all at once.
const MODULES: Readonly<Record<string, () => Promise<unknown>>> = {
  'flow-activity': () => import('./flow-activity/define.js'),
  'flow-button': () => import('./flow-button/define.js'),
  'flow-graph': () => import('./flow-graph/define.js'),
  'flow-inspector': () => import('./flow-inspector/define.js'),
  'flow-provider': () => import('./flow-provider/define.js'),
  'inspector-panel': () => import('./inspector-panel/define.js'),
  'process-button': () => import('./process-button/define.js'),
  'process-status': () => import('./process-status/define.js'),
  'process-tasks': () => import('./process-tasks/define.js'),
  'task-form': () => import('./task-form/define.js'),
};
const TAGS = Object.keys(MODULES)
  .map((tag) => `${tag}:not(:defined)`)
  .join();

/** Defines the elements in `root` that are not defined yet. Resolves when they are. */
export async function autoload(root: Document | DocumentFragment | Element): Promise<void> {
  const found = new Set(Array.from(root.querySelectorAll(TAGS), (element) => element.localName));
  if (root instanceof Element && root.matches(TAGS)) found.add(root.localName);
  // A module that cannot be loaded now is tried again with the next element of its name.
  await Promise.allSettled(Array.from(found, (tag) => MODULES[tag]!()));
}

if (globalThis.document) {
  const start = (): void => {
    void autoload(document);
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const added of addedNodes) if (added instanceof Element) void autoload(added);
      }
    }).observe(document.documentElement, { childList: true, subtree: true });
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start, { once: true });
  else start();
}
