// A page with a form and a button, flows whose function answers when the test says so, and eyes for what a person sees.
import { fixture, html } from '@open-wc/testing';
import type { FlowButton } from '../../components/index.js';
import { runtime, type FlowDefinition } from '../../src/runtime/index.js';

export const double: FlowDefinition = {
  flow: 'double',
  kind: 'microflow',
  title: 'Double',
  input: { n: { type: 'number' } },
  activities: [
    {
      id: 'Double',
      name: 'Ask the calculator',
      type: 'service',
      implementation: { ref: 'double', arguments: { n: 'n' } },
      output: { result: '$output' },
    },
  ],
  output: { result: 'result' },
};

/** Takes whatever it is given. */
export const echo: FlowDefinition = {
  flow: 'echo',
  kind: 'microflow',
  activities: [{ id: 'Echo', type: 'route' }],
};

export interface Gate {
  /** The numbers it was asked for. */
  readonly asked: readonly number[];
  /** How many calls were told to stop. */
  readonly aborted: number;
  open(): void;
  fail(error: object): void;
}

/** The function behind `double`: answers when told. */
export function gate(): Gate {
  let waiting: { resolve: (n: number) => void; reject: (error: unknown) => void; n: number }[] = [];
  const state = {
    asked: [] as number[],
    aborted: 0,
    open: () => waiting.splice(0).forEach((w) => w.resolve(w.n * 2)),
    fail: (error: object) =>
      waiting.splice(0).forEach((w) => w.reject(Object.assign(new Error('It failed.'), { retryable: false }, error))),
  };
  waiting = [];
  runtime.implement('double', ({ n }, { signal }) => {
    state.asked.push(n as number);
    signal.addEventListener('abort', () => state.aborted++);
    return new Promise((resolve, reject) => waiting.push({ resolve, reject, n: n as number }));
  });
  return state;
}

export async function until(holds: () => unknown): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

export interface ButtonPage {
  readonly form: HTMLFormElement;
  readonly element: FlowButton;
  readonly button: HTMLButtonElement;
  readonly field: HTMLInputElement;
  readonly result: HTMLInputElement;
}

/** A form with a number, a result and a `flow-button` that doubles. */
export async function buttonPage(attributes: Readonly<Record<string, string>> = {}): Promise<ButtonPage> {
  const form = await fixture<HTMLFormElement>(html`
    <form>
      <label>N <input name="n" type="number" required value="4" /></label>
      <label>Result <input name="result" /></label>
      <flow-button flow="double">Double it</flow-button>
    </form>
  `);
  const element = form.querySelector('flow-button')!;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  await element.updateComplete;
  return {
    form,
    element,
    button: element.button as HTMLButtonElement,
    field: form.elements.namedItem('n') as HTMLInputElement,
    result: form.elements.namedItem('result') as HTMLInputElement,
  };
}

/** What stands beside the button as an alert. */
export function alertOf(element: FlowButton): string {
  return element.shadowRoot?.querySelector('[role="alert"] [part="message"]')?.textContent ?? '';
}

/** What is said politely beside the button, shown or not. */
export function statusOf(element: FlowButton): string {
  return element.shadowRoot?.querySelector('[role="status"]')?.textContent ?? '';
}

export function retryOf(element: FlowButton): HTMLButtonElement | null {
  return element.shadowRoot?.querySelector<HTMLButtonElement>('[part="retry"]') ?? null;
}

/** The modal dialog of the blocking overlay, when it is there. */
export function overlay(): HTMLDialogElement | undefined {
  return document.querySelector('millrace-overlay')?.shadowRoot?.querySelector('dialog') ?? undefined;
}

export function overlayButton(label: string): HTMLButtonElement | undefined {
  return [...(overlay()?.querySelectorAll('button') ?? [])].find((b) => b.textContent!.trim() === label);
}

/** Waits until the panel can be seen and says something. */
export async function seenOverlay(): Promise<HTMLDialogElement> {
  await until(() => overlay()?.hasAttribute('data-visible') && overlay()!.querySelector('h2'));
  return overlay()!;
}

/** Collects what is logged as an error, in place of showing it. */
export function errorLog(): { readonly lines: string[]; restore(): void } {
  const original = console.error;
  const lines: string[] = [];
  console.error = (...args: unknown[]) => void lines.push(args.map(String).join(' '));
  return { lines, restore: () => (console.error = original) };
}
