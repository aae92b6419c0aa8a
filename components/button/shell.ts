// The shadow root of a run button. A button that the page brings needs none until there is something to say beside it.
import { adoptStyles } from '@lit/reactive-element';
import { styles } from './styles.js';

export class Shell {
  readonly root: ShadowRoot;
  readonly #slot = document.createElement('slot');
  #button: HTMLButtonElement | undefined;

  constructor(host: HTMLElement, onSlotChange: () => void) {
    this.root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    adoptStyles(this.root, [styles]);
    this.#slot.addEventListener('slotchange', onSlotChange);
    this.root.prepend(this.#slot);
  }

  /** The rendered button, when there is one. */
  get button(): HTMLButtonElement | undefined {
    return this.#button;
  }

  /** Renders a button around the slot, or leaves the slot to the page's own. */
  render(withButton: boolean): void {
    if (withButton === (this.#button !== undefined)) return;
    if (withButton) {
      this.#button = document.createElement('button');
      this.#button.type = 'button';
      this.#button.part.add('button');
      this.#slot.replaceWith(this.#button);
      this.#button.append(this.#slot);
    } else {
      this.#button!.replaceWith(this.#slot);
      this.#button = undefined;
    }
  }
}
