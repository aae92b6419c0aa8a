// What run buttons do together, because a page may have a thousand of them: looks and listeners once for each document or shadow
// root, and one for the page's return from the back/forward cache.
import { styles } from './styles.js';

const entered = new WeakSet<Node>();

/** The first button in a document or shadow root brings the looks along, and has it listen for all that follow. */
export function enter<B extends HTMLElement & EventListenerObject>(
  host: B,
  isButton: (target: EventTarget | null | undefined) => target is B,
): void {
  const root = host.getRootNode() as Document | ShadowRoot;
  if (entered.has(root)) return;
  entered.add(root);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheetOf(host.ownerDocument, styles)];
  const hear = (event: Event): void => {
    // A command is for its target only, everything else for the button around it.
    const button = event.type === 'command' ? event.target : event.composedPath().find(isButton);
    // A root around this one hears of it too.
    if (isButton(button) && button.getRootNode() === root) button.handleEvent(event);
  };
  for (const type of ['click', 'command', 'pointerover', 'focusin']) root.addEventListener(type, hear, true);
}

const sheets = new WeakMap<Document, Map<string, CSSStyleSheet>>();

/** One sheet for all who need it; a document takes only its own. */
export function sheetOf(document: Document, text: string): CSSStyleSheet {
  const made = sheets.get(document) ?? new Map<string, CSSStyleSheet>();
  sheets.set(document, made);
  const { CSSStyleSheet: Sheet } = document.defaultView ?? globalThis;
  const sheet = made.get(text) ?? new Sheet();
  if (!made.has(text)) sheet.replaceSync(text);
  made.set(text, sheet);
  return sheet;
}

interface Returning {
  refresh(): void;
}

let returning: Set<Returning> | undefined;

/** Whether it has to ask, when the page is back from the back/forward cache, what has gone on elsewhere. */
export function comesBack(button: Returning, does: boolean): void {
  if (!returning) {
    returning = new Set();
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) for (const each of returning!) each.refresh();
    });
  }
  if (does) returning.add(button);
  else returning.delete(button);
}
