// Looking closer and further: the picture keeps its own coordinates and lies in a scroll area, so that touch, wheel and keys
// scroll as everywhere else; dragging its ground moves it, too.

const LEAST = 0.1;
const MOST = 3;

export class Zoom {
  scale = 1;
  readonly #area: () => HTMLElement | null;
  readonly #changed: () => Promise<unknown>;

  /** `area`: the scroll area; `changed` draws the picture in the new scale. */
  constructor(area: () => HTMLElement | null, changed: () => Promise<unknown>) {
    this.#area = area;
    this.#changed = changed;
  }

  /** Keeps the point at (x, y) of the area, its middle by default, where it is. */
  async by(factor: number, x?: number, y?: number): Promise<void> {
    const area = this.#area();
    if (!area) return;
    const before = this.scale;
    this.scale = Math.min(MOST, Math.max(LEAST, before * factor));
    const [atX, atY] = [x ?? area.clientWidth / 2, y ?? area.clientHeight / 2];
    const [left, top] = [area.scrollLeft + atX, area.scrollTop + atY];
    await this.#changed();
    const grown = this.scale / before;
    area.scrollTo(left * grown - atX, top * grown - atY);
  }

  /** The whole picture, but never larger than it is, nor smaller than `least`. */
  async fit({ width, height }: { readonly width: number; readonly height: number }, least = LEAST): Promise<void> {
    const area = this.#area();
    if (!area || area.clientWidth === 0) return;
    const tallest = Number.parseFloat(getComputedStyle(area).maxBlockSize) || area.clientHeight;
    this.scale = Math.max(least, Math.min(1, (area.clientWidth - 8) / width, (tallest - 8) / height));
    await this.#changed();
  }

  /** With the wheel, as browsers zoom: a held Ctrl or Meta key, or two fingers. */
  readonly onWheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = this.#area()!.getBoundingClientRect();
    void this.by(Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
  };

  readonly onPointerDown = (event: PointerEvent): void => {
    const area = this.#area();
    const onElement = (event.target as Element).closest('[role=button]') !== null;
    if (!area || onElement || event.button !== 0 || event.pointerType === 'touch') return;
    const [x, y] = [event.clientX + area.scrollLeft, event.clientY + area.scrollTop];
    const move = (e: PointerEvent): void => area.scrollTo(x - e.clientX, y - e.clientY);
    const end = (): void => {
      area.removeEventListener('pointermove', move);
      area.classList.remove('moving');
    };
    area.setPointerCapture(event.pointerId);
    area.classList.add('moving');
    area.addEventListener('pointermove', move);
    area.addEventListener('lostpointercapture', end, { once: true });
  };
}
