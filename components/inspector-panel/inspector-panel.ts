// `<inspector-panel>`: the inspector at the edge of any page, there when it is wanted and otherwise nothing: it is loaded when
// it is opened, by keys or by `?inspect` in the address.
import { css, html, LitElement, nothing, type CSSResult, type PropertyDeclarations, type TemplateResult } from 'lit';
import { styles as shared } from '../status/styles.js';

const LEAST = 160;
const STEP = 24;

/**
 * A panel with `<flow-inspector>` in it, docked below or beside the page.
 *
 * @tag inspector-panel
 * @attr {boolean} open - Whether it is open. `?inspect` in the address opens it when the page loads.
 * @attr {'bottom' | 'right'} side - Where it is docked. Default: `bottom`.
 * @attr {string} shortcut - Keys that open and close it, as in `aria-keyshortcuts`. Default: `Alt+Shift+I`.
 * @csspart panel - The panel.
 */
export class InspectorPanel extends LitElement {
  static override styles: CSSResult[] = [
    shared,
    css`
      [part='panel'] {
        position: fixed;
        z-index: 2147483000;
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        box-sizing: border-box;
        padding: 0.5rem;
        background: light-dark(#fff, #16202c);
        color: light-dark(#1f2933, #f0f4f8);
        box-shadow: 0 0 1.5rem rgb(0 0 0 / 35%);
        font:
          0.9rem system-ui,
          sans-serif;
      }
      .bottom {
        inset: auto 0 0;
        max-block-size: 95vh;
      }
      .right {
        inset: 0 0 0 auto;
        max-inline-size: 95vw;
      }
      header {
        display: flex;
        gap: 0.4rem;
        align-items: center;
        padding-block-end: 0.4rem;
      }
      header strong {
        flex: 1;
      }
      [role='separator'] {
        position: absolute;
        touch-action: none;
      }
      .bottom [role='separator'] {
        inset: -4px 0 auto;
        block-size: 9px;
        cursor: ns-resize;
      }
      .right [role='separator'] {
        inset: 0 auto 0 -4px;
        inline-size: 9px;
        cursor: ew-resize;
      }
      [role='separator']:focus-visible {
        outline: 3px solid light-dark(#1d5fbf, #8ab4f8);
      }
      .content {
        overflow: auto;
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    open: { type: Boolean, reflect: true },
    side: {},
    shortcut: {},
    size: { state: true, attribute: false },
    problem: { state: true, attribute: false },
  };

  declare open: boolean;
  declare side: 'bottom' | 'right';
  declare shortcut: string;
  /** @internal Height or width, px. */
  declare size: number;
  /** @internal */
  declare problem: string;
  #opener: Element | null = null;

  constructor() {
    super();
    this.open = false;
    this.side = 'bottom';
    this.shortcut = 'Alt+Shift+I';
    this.size = 420;
    this.problem = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#onKey);
    if (new URLSearchParams(location.search).has('inspect')) this.open = true;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#onKey);
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    const panel = this.renderRoot.querySelector<HTMLElement>('[part=panel]');
    panel?.style.setProperty(this.side === 'right' ? 'inline-size' : 'block-size', `${this.size}px`);
    panel?.style.removeProperty(this.side === 'right' ? 'block-size' : 'inline-size');
    if (!changed.has('open')) return;
    if (this.open) {
      void this.#load();
    } else if (changed.get('open')) {
      (this.#opener as HTMLElement | null)?.focus?.();
      this.#opener = null;
    }
  }

  async #load(): Promise<void> {
    try {
      this.problem = '';
      await import('../flow-inspector/define.js');
    } catch {
      this.problem = 'The inspector could not be loaded. Close the panel and open it again.';
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.open) return nothing;
    return html`<section part="panel" class=${this.side} aria-label="Flow inspector">
      <div
        role="separator"
        tabindex="0"
        aria-label="Size of the panel"
        aria-orientation=${this.side === 'right' ? 'vertical' : 'horizontal'}
        aria-valuenow=${Math.round(this.size)}
        aria-valuemin=${LEAST}
        aria-valuemax=${Math.round(this.#most())}
        @keydown=${this.#onResizeKey}
        @pointerdown=${this.#onDrag}
      ></div>
      <header>
        <strong>Flow inspector</strong>
        <button type="button" @click=${() => (this.side = this.side === 'right' ? 'bottom' : 'right')}>
          ${this.side === 'right' ? 'To the bottom' : 'To the side'}
        </button>
        <button type="button" title=${this.shortcut} @click=${() => (this.open = false)}>Close</button>
      </header>
      <div class="content">
        ${this.problem ? html`<p part="error" role="alert">${this.problem}</p>` : html`<flow-inspector></flow-inspector>`}
      </div>
    </section>`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const names = this.shortcut.split('+');
    const key = names.at(-1)!.toUpperCase();
    const has = (name: string): boolean => names.includes(name);
    // What the key is called, or where it lies: with Alt, some keyboards type other characters.
    const isKey = event.key.toUpperCase() === key || event.code === `Key${key}`;
    if (!isKey || event.altKey !== has('Alt') || event.shiftKey !== has('Shift')) return;
    if (event.ctrlKey !== has('Control') || event.metaKey !== has('Meta')) return;
    event.preventDefault();
    if (!this.open) this.#opener = document.activeElement;
    this.open = !this.open;
  };

  readonly #onResizeKey = (event: KeyboardEvent): void => {
    const by = { ArrowUp: 1, ArrowLeft: 1, ArrowDown: -1, ArrowRight: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.#resize(this.size + by * STEP);
  };

  readonly #onDrag = (event: PointerEvent): void => {
    const handle = event.currentTarget as HTMLElement;
    handle.setPointerCapture(event.pointerId);
    const move = (e: PointerEvent): void =>
      this.#resize(this.side === 'right' ? innerWidth - e.clientX : innerHeight - e.clientY);
    handle.addEventListener('pointermove', move);
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), {
      once: true,
    });
  };

  #most(): number {
    return (this.side === 'right' ? innerWidth : innerHeight) * 0.95;
  }

  #resize(size: number): void {
    this.size = Math.min(this.#most(), Math.max(LEAST, size));
  }
}
