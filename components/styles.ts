// Styles of light-DOM elements, adopted once per document or shadow root. Constructed style sheets pass a strict CSP.

/** Buttons and the note beside them. */
export const buttonStyles = `
flow-button, process-button { display: inline-flex; flex-wrap: wrap; align-items: center; gap: .5em; }
flow-button > button, process-button > button { font: inherit; cursor: pointer; }
:is(flow-button, process-button) > button[data-millrace] {
  padding: var(--flow-button-padding, .5em 1.1em);
  border: 1px solid transparent;
  border-radius: var(--flow-button-radius, .4em);
  color: var(--flow-button-color, #fff);
  background: var(--flow-button-background, #1d5fbf);
}
:is(flow-button, process-button) > button[data-millrace]:hover { background: var(--flow-button-background-hover, #174c99); }
:is(flow-button, process-button) > button:focus-visible { outline: 3px solid var(--flow-button-focus, #f5a623); outline-offset: 2px; }
:is(flow-button, process-button) > button[aria-disabled='true'] { opacity: .65; cursor: progress; }
:is(flow-button, process-button)[data-busy] > button:not([hidden])::after {
  content: ''; display: inline-block; inline-size: .8em; block-size: .8em; margin-inline-start: .5em; vertical-align: -.1em;
  border: 2px solid currentColor; border-inline-end-color: transparent; border-radius: 50%;
  animation: millrace-turn 1s linear infinite;
}
.millrace-note { font-size: .9em; }
.millrace-note:empty { display: none; }
.millrace-note[role='alert'] { color: var(--flow-error-color, light-dark(#a3161b, #ff9b9b)); }
.millrace-note button { font: inherit; margin-inline-start: .5em; text-decoration: underline; background: none; border: 0; color: inherit; cursor: pointer; padding: .2em; }
@keyframes millrace-turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { :is(flow-button, process-button)[data-busy] > button::after { animation-duration: 6s; } }
@media (forced-colors: active) {
  :is(flow-button, process-button) > button[data-millrace] { border-color: ButtonText; }
  .millrace-note[role='alert'] { color: CanvasText; border-inline-start: 3px solid; padding-inline-start: .4em; }
}
`;

const sheets = new Map<string, CSSStyleSheet>();

/** Adopts the styles where the element lives: its shadow root, if any, and the document. */
export function adoptStyles(element: Element, css: string): void {
  let sheet = sheets.get(css);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    sheets.set(css, sheet);
  }
  for (const root of [element.getRootNode(), document]) {
    if (!(root instanceof Document || root instanceof ShadowRoot) || root.adoptedStyleSheets.includes(sheet)) continue;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }
}
