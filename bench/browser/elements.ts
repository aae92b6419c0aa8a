// Elements in the page: making a thousand buttons usable, and how long a click takes until the page is inert and until the
// first activity begins.
import { html, LitElement } from 'lit';
import { runtime } from '../../components/index.js';
import '@shoelace-style/shoelace/dist/components/button/button.js';

class LitButton extends LitElement {
  protected override render(): unknown {
    return html`<button part="button"><slot></slot></button>`;
  }
}
customElements.define('lit-button', LitButton);

const KINDS: Readonly<Record<string, (i: number) => string>> = {
  'flow-button with a label': (i) => `<flow-button flow="bench">Button ${i}</flow-button>`,
  'flow-button around a button': (i) => `<flow-button flow="bench"><button>Button ${i}</button></flow-button>`,
  'native button': (i) => `<button>Button ${i}</button>`,
  'Lit element': (i) => `<lit-button>Button ${i}</lit-button>`,
  'Shoelace button': (i) => `<sl-button>Button ${i}</sl-button>`,
};

/**
 * Milliseconds until so many are there, rendered and laid out, by kind. Each begins with clean memory and in another order:
 * what the kind before it has left behind makes the next one up to a third faster or slower.
 */
export async function upgrades(count: number, rounds: number): Promise<Readonly<Record<string, readonly number[]>>> {
  const times = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const [kind, markup] of shuffled(Object.entries(KINDS))) {
      await cleanUp();
      const place = document.createElement('div');
      const text = Array.from({ length: count }, (_, i) => markup(i)).join('');
      document.body.append(place);
      const from = performance.now();
      place.innerHTML = text;
      const last = place.lastElementChild as Element & { updateComplete?: Promise<unknown> };
      await last.updateComplete;
      void place.offsetHeight;
      if (round > 0) times[kind]!.push(performance.now() - from);
      place.remove();
    }
  }
  return times;
}

function shuffled<T>(list: readonly T[]): readonly T[] {
  return list
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** Twice, because what elements leave behind is found in two turns. */
async function cleanUp(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) {
    (globalThis as { gc?: () => void }).gc?.();
    await new Promise((resolve) => setTimeout(resolve));
  }
}

export interface ClickTimes {
  readonly inert: readonly number[];
  readonly activity: readonly number[];
}

/** From the click to an open modal dialog, and to the first call of an implementation. */
export async function clicks(rounds: number): Promise<ClickTimes> {
  runtime.define({
    flow: 'bench',
    kind: 'microflow',
    activities: [{ id: 'A', type: 'service', implementation: { ref: 'bench' } }],
  });
  let called = 0;
  runtime.implement('bench', () => void (called = performance.now()));
  document.body.insertAdjacentHTML('beforeend', '<flow-button flow="bench" screen-blocking>Go</flow-button>');
  const button = document.body.lastElementChild as HTMLElement & {
    button: HTMLElement;
    updateComplete: Promise<unknown>;
  };
  await button.updateComplete;
  const times = { inert: [] as number[], activity: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const over = new Promise((resolve) => button.addEventListener('flow-complete', resolve, { once: true }));
    const from = performance.now();
    button.button.click();
    const inert = performance.now() - from;
    if (!openDialog()) throw new Error('The page is not inert in the task of the click.');
    await over;
    // The first one loads what runs flows.
    if (round > 0) times.inert.push(inert);
    if (round > 0) times.activity.push(called - from);
  }
  button.remove();
  return times;
}

function openDialog(root: Document | ShadowRoot = document): boolean {
  if (root.querySelector('dialog:modal')) return true;
  return [...root.querySelectorAll('*')].some((element) => element.shadowRoot && openDialog(element.shadowRoot));
}
