// The shadow root of a run button. A button that the page brings needs none until there is something to say beside it.
import { adoptStyles } from '@lit/reactive-element';
import { styles } from './styles.js';

/** Cloned, because a page may have a thousand of them. */
let pattern: HTMLButtonElement | undefined;

export class Shell {
  readonly root: ShadowRoot;
  readonly #slot: HTMLSlotElement;
  #button: HTMLButtonElement | undefined;

  constructor(host: HTMLElement & EventListenerObject, withButton: boolean) {
    this.root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    adoptStyles(this.root, [styles]);
    if (withButton) {
      this.#button = (pattern ??= buttonAround(document.createElement('slot'))).cloneNode(true) as HTMLButtonElement;
      this.#slot = this.#button.firstChild as HTMLSlotElement;
    } else this.#slot = document.createElement('slot');
    this.root.prepend(this.#button ?? this.#slot);
    this.#slot.addEventListener('slotchange', host);
  }

  /** The rendered button, when there is one. */
  get button(): HTMLButtonElement | undefined {
    return this.#button;
  }

  /** Renders a button around the slot, or leaves the slot to the page's own. */
  render(withButton: boolean): void {
    if (withButton === (this.#button !== undefined)) return;
    if (withButton) {
      const place = document.createComment('');
      this.#slot.replaceWith(place);
      this.#button = buttonAround(this.#slot);
      place.replaceWith(this.#button);
    } else {
      this.#button!.replaceWith(this.#slot);
      this.#button = undefined;
    }
  }
}

function buttonAround(slot: HTMLSlotElement): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.part.add('button');
  button.append(slot);
  return button;
}
