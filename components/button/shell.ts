// The shadow root of a run button. A button that the page brings needs none until there is something to say beside it.
import { OWN_PART } from './styles.js';

/** Cloned, because a page may have a thousand of them. */
let pattern: HTMLButtonElement | undefined;

export class Shell {
  readonly root: ShadowRoot;
  readonly #host: HTMLElement & EventListenerObject;
  readonly #slot: HTMLSlotElement;
  #button: HTMLButtonElement | undefined;

  constructor(host: HTMLElement & EventListenerObject, withButton: boolean) {
    this.root = host.attachShadow({ mode: 'open' });
    this.#host = host;
    if (withButton) {
      this.#button = (pattern ??= buttonAround(document.createElement('slot'))).cloneNode(true) as HTMLButtonElement;
      this.#slot = this.#button.firstChild as HTMLSlotElement;
    } else this.#slot = document.createElement('slot');
    this.root.append(this.#button ?? this.#slot);
    // What is there needs no event of its own; a parser that is still on its way brings the rest.
    if (host.firstChild) listenSoon(this);
    else this.listen();
  }

  /** The rendered button, when there is one. */
  get button(): HTMLButtonElement | undefined {
    return this.#button;
  }

  /** Tells the host of other contents, from now on. */
  listen(): void {
    this.#slot.addEventListener('slotchange', this.#host);
  }

  /** Has the host look at its contents, and at what becomes of them. */
  follow(): void {
    this.listen();
    this.#host.handleEvent(SLOT_CHANGE);
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

const soon: Shell[] = [];
const SLOT_CHANGE = { type: 'slotchange' } as Event;

/** A thousand shells that have just been made are followed a task later, all at once. */
function listenSoon(shell: Shell): void {
  if (soon.push(shell) === 1) setTimeout(() => soon.splice(0).forEach((each) => each.follow()));
}

function buttonAround(slot: HTMLSlotElement): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.part.add('button', OWN_PART);
  button.append(slot);
  return button;
}
