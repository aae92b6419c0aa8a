// The overlay of blocking flows: one modal `<dialog>` for all of them. The page is inert from the moment of the click; the
// panel becomes visible only if it takes a moment, and then stays long enough to be read. Escape cancels. Focus goes back to
// where it was, and the live region is inside the dialog, because assistive technology ignores what is outside a modal.
import { text } from './overlay-texts.js';
import { closeShell, openShell } from './overlay-shell.js';
import { adoptStyles } from '../styles.js';
import { overlayStyles } from './overlay-styles.js';

export interface BlockingRun {
  /** Names the run, e.g. the button's text. */
  readonly title: string;
  readonly cancel: () => void;
  /** Present when the run may go on behind the user's back. */
  readonly toBackground?: () => void;
}

export interface BlockingState {
  readonly message?: string;
  readonly progress?: { readonly done: number; readonly total: number };
  readonly cancelling?: boolean;
}

/** Before this the panel is invisible, ms. */
const DELAY = 200;
/** Once visible, it stays at least this long, ms. */
const STAY = 400;

interface Entry {
  readonly run: BlockingRun;
  state: BlockingState;
}

const entries = new Set<Entry>();
let dialog: HTMLDialogElement | undefined;
let showTimer: ReturnType<typeof setTimeout> | undefined;
let visibleSince = 0;

/** One run's share of the overlay. */
export interface Blocking {
  readonly update: (state: BlockingState) => void;
  /** Ends it; resolves when the panel has been visible long enough to be read. */
  readonly release: () => Promise<void>;
}

/** Makes the page inert at once. */
export function block(run: BlockingRun): Blocking {
  const entry: Entry = { run, state: {} };
  entries.add(entry);
  if (entries.size === 1) open();
  render();
  return {
    update: (state) => {
      entry.state = { ...entry.state, ...state };
      render();
    },
    release: async () => {
      if (!entries.has(entry)) return;
      const left = visibleSince === 0 ? 0 : visibleSince + STAY - performance.now();
      if (entries.size === 1 && left > 0) await new Promise((resolve) => setTimeout(resolve, left));
      entries.delete(entry);
      if (entries.size === 0) close();
      else render();
    },
  };
}

function open(): void {
  dialog = openShell();
  if (dialog.childElementCount === 0) build(dialog);
  adoptStyles(dialog, overlayStyles);
  globalThis.addEventListener('beforeunload', warn);
  visibleSince = 0;
  showTimer = setTimeout(() => {
    visibleSince = performance.now();
    dialog?.setAttribute('data-visible', '');
  }, DELAY);
}

function close(): void {
  clearTimeout(showTimer);
  globalThis.removeEventListener('beforeunload', warn);
  dialog?.removeAttribute('data-visible');
  visibleSince = 0;
  closeShell();
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function build(shell: HTMLDialogElement): void {
  const panel = element('div', 'millrace-panel');
  panel.setAttribute('part', 'panel');
  const title = element('p', 'millrace-title');
  title.id = 'millrace-overlay-title';
  shell.setAttribute('aria-labelledby', title.id);
  const message = element('p', 'millrace-message');
  message.setAttribute('role', 'status');
  const buttons = element('div', 'millrace-buttons');
  panel.append(title, document.createElement('progress'), message, buttons);
  shell.append(panel);
  shell.addEventListener('cancel', () => newest()?.run.cancel());
  shell.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    // The browser closes a dialog on the second Escape whatever `cancel` says.
    event.preventDefault();
    newest()?.run.cancel();
  });
}

function newest(): Entry | undefined {
  return [...entries].at(-1);
}

function render(): void {
  const entry = newest();
  if (!dialog || !entry) return;
  const { run, state } = entry;
  const progress = dialog.querySelector('progress')!;
  const { done, total } = state.progress ?? { done: 0, total: 0 };
  progress.setAttribute('aria-label', run.title);
  if (total > 1) {
    progress.max = total;
    progress.value = done;
  } else {
    progress.removeAttribute('value');
  }
  setText(dialog.querySelector('.millrace-title')!, run.title);
  setText(
    dialog.querySelector('.millrace-message')!,
    state.cancelling ? text(dialog, 'cancelling') : (state.message ?? text(dialog, 'working')),
  );
  const buttons = dialog.querySelector('.millrace-buttons')!;
  const wanted = [
    { label: text(dialog, 'cancel'), act: () => run.cancel(), disabled: state.cancelling === true },
    ...(run.toBackground ? [{ label: text(dialog, 'background'), act: run.toBackground, disabled: false }] : []),
  ];
  if (buttons.childElementCount !== wanted.length) {
    buttons.replaceChildren(...wanted.map(() => Object.assign(document.createElement('button'), { type: 'button' })));
  }
  wanted.forEach(({ label, act, disabled }, i) => {
    const button = buttons.children[i] as HTMLButtonElement;
    setText(button, label);
    button.onclick = act;
    button.setAttribute('aria-disabled', String(disabled));
  });
}

/** Leaves the node alone when nothing changed, so that a live region speaks only of news. */
function setText(node: Element, value: string): void {
  if (node.textContent !== value) node.textContent = value;
}

function element(tag: string, className: string): HTMLElement {
  return Object.assign(document.createElement(tag), { className });
}
