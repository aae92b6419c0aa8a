// The little that a run button needs of a base class, because a page may have a thousand of them: attributes that are read
// when they are needed, and drawing that waits for the end of the task. All other elements are Lit's.

/** How a property stands in an attribute. Its name there is that of the property unless it says otherwise. */
export interface PropertyDeclaration {
  readonly attribute?: string;
  /** Present or absent; otherwise a text. */
  readonly type?: typeof Boolean;
  /** A change is to be drawn at once; the others are looked at when somebody presses. */
  readonly isDrawn?: boolean;
}

/** Nothing to extend where pages are rendered without a browser. */
const Base = globalThis.HTMLElement ?? (Object as unknown as typeof HTMLElement);

export abstract class PlainElement extends Base {
  static readonly properties: Readonly<Record<string, PropertyDeclaration>> = {};
  /** Whether it has been drawn. */
  protected isShown = false;
  #drawing: Promise<boolean> | undefined;

  /** Asked for once, when the element is defined; that is when its properties come into being. */
  static get observedAttributes(): readonly string[] {
    const drawn: string[] = [];
    for (const [property, declaration] of Object.entries(this.properties)) {
      if (!(property in this.prototype)) Object.defineProperty(this.prototype, property, mirror(property, declaration));
      if (declaration.isDrawn) drawn.push(declaration.attribute ?? property);
    }
    return drawn;
  }

  /** Resolves when everything that has changed is drawn. */
  get updateComplete(): Promise<boolean> {
    return this.#drawing ?? Promise.resolve(true);
  }

  /** Draws before the next task; several requests are one. */
  requestUpdate(): void {
    if (!this.isShown) return;
    this.#drawing ??= Promise.resolve().then(() => {
      this.#drawing = undefined;
      this.draw();
      return true;
    });
  }

  connectedCallback(): void {
    this.isShown = true;
    this.#keepEarly();
    this.draw();
  }

  /** @internal */
  attributeChangedCallback(_name: string, before: string | null, now: string | null): void {
    if (before !== now) this.requestUpdate();
  }

  protected abstract draw(): void;

  /** What was set before the element was defined lies over its properties. */
  #keepEarly(): void {
    const own = this as unknown as Record<string, unknown>;
    for (const name of Object.keys(this)) {
      if (!(name in (this.constructor as typeof PlainElement).properties)) continue;
      const value = own[name];
      delete own[name];
      own[name] = value;
    }
  }
}

function mirror(property: string, { attribute = property, type }: PropertyDeclaration): PropertyDescriptor {
  return {
    configurable: true,
    enumerable: true,
    get(this: PlainElement) {
      return type ? this.hasAttribute(attribute) : textOf(this, attribute);
    },
    set(this: PlainElement, value: unknown) {
      if (type) this.toggleAttribute(attribute, Boolean(value));
      else write(this, attribute, value);
    },
  };
}

export function textOf(element: Element, attribute: string): string | undefined {
  return element.getAttribute(attribute) ?? undefined;
}

/** Nothing takes the attribute away. */
export function write(element: Element, attribute: string, value: unknown): void {
  if (value === undefined || value === null) element.removeAttribute(attribute);
  else element.setAttribute(attribute, String(value));
}
