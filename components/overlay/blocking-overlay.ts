// The overlay of blocking flows: one modal `<dialog>` for all of them. The page is inert from the moment of the click; the
// panel becomes visible only if it takes a moment, and then stays long enough to be read. Small, because it must be there
// when the click is; what the panel looks like is loaded with the flow (`overlay-panel.ts`).

export interface OverlayAction {
  readonly label: string;
  readonly run: () => void;
  readonly primary?: boolean;
  readonly disabled?: boolean;
}

/** What the panel shows of one flow, in words that are ready to read. */
export interface OverlayState {
  /** Language of the texts, when it may differ from the page's. */
  readonly language?: string;
  readonly title?: string;
  readonly message?: string;
  readonly progress?: { readonly done: number; readonly total: number; readonly text: string };
  readonly actions?: readonly OverlayAction[];
  /** What Escape (and the back gesture) does. */
  readonly escape?: () => void;
  /** A failure or a question: shown at once, no progress, and the focus goes to the first action. */
  readonly needsAnswer?: boolean;
}

/** One flow's share of the overlay. */
export interface OverlayHold {
  update(state: OverlayState): void;
  /** Ends it. Resolves when the page is usable again as far as this flow goes: a visible panel stays until it could be read. */
  release(): Promise<void>;
}

/** The panel stays invisible this long, so that quick flows do not flash; ms. */
const DELAY = 200;
/** Once visible it stays at least this long, ms. */
const STAY = 400;

interface Hold extends OverlayHold {
  state: OverlayState;
}

class BlockingOverlay {
  readonly #holds: Hold[] = [];
  readonly #host = document.createElement('millrace-overlay');
  readonly #dialog = document.createElement('dialog');
  #opener: HTMLElement | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #visibleSince: number | undefined;
  #draw: ((dialog: HTMLDialogElement, state: OverlayState) => void) | undefined;

  constructor() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('dialog:not([data-visible]){opacity:0}dialog:not([data-visible])::backdrop{background:none}');
    const root = this.#host.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    root.append(this.#dialog);
    this.#dialog.tabIndex = -1;
    // Escape means what the flow says it means, never a dialog that closes while the page must wait.
    this.#dialog.addEventListener('cancel', (event) => event.preventDefault());
    this.#dialog.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      // Without this the browser closes the dialog on a second Escape, whatever `cancel` says.
      event.preventDefault();
      if (!event.repeat) this.#newest?.state.escape?.();
    });
    this.#dialog.addEventListener('close', () => {
      // A browser that closes it nevertheless (back gesture, second request) has asked to leave: so does the flow.
      if (this.#holds.length === 0 || this.#dialog.open) return;
      this.#dialog.showModal();
      this.#newest?.state.escape?.();
    });
  }

  get #newest(): Hold | undefined {
    return this.#holds.at(-1);
  }

  block(opener: HTMLElement | undefined): OverlayHold {
    const hold: Hold = {
      state: {},
      update: (state) => {
        hold.state = { ...hold.state, ...state };
        if (state.needsAnswer && this.#holds.includes(hold)) this.#show();
        this.#redraw();
      },
      release: async () => {
        const at = this.#holds.indexOf(hold);
        if (at < 0) return;
        this.#holds.splice(at, 1);
        if (this.#holds.length > 0) this.#redraw();
        else await this.#closeWhenRead();
      },
    };
    this.#holds.push(hold);
    this.#open(opener);
    return hold;
  }

  #open(opener: HTMLElement | undefined): void {
    clearTimeout(this.#timer);
    if (!this.#dialog.open || !this.#host.isConnected) {
      this.#opener = focused() ?? opener;
      document.body.append(this.#host);
      // The page may have been replaced around an open dialog; then it is no longer modal.
      if (this.#dialog.open) this.#dialog.close();
      this.#dialog.showModal();
      // Not the cancel button: the Enter that opened this must not end it.
      this.#dialog.focus({ preventScroll: true });
      addEventListener('beforeunload', warn);
    }
    if (this.#visibleSince === undefined) this.#timer = setTimeout(() => this.#show(), DELAY);
    if (!this.#draw) void this.#loadPanel();
  }

  async #loadPanel(): Promise<void> {
    try {
      const { drawPanel } = await import('./overlay-panel.js');
      this.#draw = drawPanel;
      this.#redraw();
    } catch {
      // Offline: the page stays blocked for as long as the flow says, without words.
    }
  }

  #redraw(): void {
    const { state } = this.#newest ?? {};
    if (state) this.#draw?.(this.#dialog, state);
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#visibleSince ??= performance.now();
    this.#dialog.toggleAttribute('data-visible', true);
  }

  async #closeWhenRead(): Promise<void> {
    clearTimeout(this.#timer);
    const left = this.#visibleSince === undefined ? 0 : this.#visibleSince + STAY - performance.now();
    // A question that has been answered has been read.
    if (left > 0 && !this.#dialog.querySelector('[data-answer]'))
      await new Promise((resolve) => setTimeout(resolve, left));
    if (this.#holds.length === 0 && this.#host.isConnected) this.#close();
  }

  #close(): void {
    removeEventListener('beforeunload', warn);
    this.#visibleSince = undefined;
    this.#dialog.toggleAttribute('data-visible', false);
    this.#dialog.close();
    this.#host.remove();
    if (this.#opener?.isConnected) this.#opener.focus({ preventScroll: true });
    this.#opener = undefined;
  }
}

let overlay: BlockingOverlay | undefined;

/** Makes the page inert, within this task. `opener`: where the focus goes back to when nothing had it. */
export function block(opener?: HTMLElement): OverlayHold {
  overlay ??= new BlockingOverlay();
  return overlay.block(opener);
}

/** What has the focus, also inside shadow roots. */
function focused(): HTMLElement | undefined {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at instanceof HTMLElement && at !== document.body ? at : undefined;
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
