// The graph as it is on the screen, taken out of the page: as an SVG file that stands alone, or on paper.

interface Picture {
  readonly svg: SVGElement;
  /** Its style sheet, with colours in the place of custom properties. */
  readonly rules: string;
}

/** A copy of the graph in its own size, in the colours that it has now, without what only a pointer or a key can use. */
export function pictureOf(graph: SVGElement, rules: string): Picture {
  const svg = graph.cloneNode(true) as SVGElement;
  for (const element of svg.querySelectorAll('[role]'))
    for (const name of ['tabindex', 'role', 'aria-pressed', 'aria-label']) element.removeAttribute(name);
  for (const control of svg.querySelectorAll('.toggle, .near, .token')) control.remove();
  const [, , width, height] = svg.getAttribute('viewBox')!.split(' ');
  for (const [name, value] of Object.entries({ width: width!, height: height!, role: 'img' }))
    svg.setAttribute(name, value);
  const coloured = rules.replaceAll(/var\((--\w+)\)/g, (_, name: string) => colourOf(graph, name));
  return {
    svg,
    rules: `svg { background: ${colourOf(graph, '--paper')}; font: 13px system-ui, sans-serif; } ${coloured}`,
  };
}

/** What a custom property is as a colour, in the scheme that the page has now. */
function colourOf(graph: SVGElement, property: string): string {
  const before = graph.style.color;
  graph.style.color = `var(${property})`;
  const value = getComputedStyle(graph).color;
  graph.style.color = before;
  return value;
}

/** An SVG file. */
export function textOf({ svg, rules }: Picture): string {
  const whole = svg.cloneNode(true) as SVGElement;
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = rules;
  whole.prepend(style);
  // Without the marks that templates leave behind.
  return new XMLSerializer().serializeToString(whole).replaceAll(/<!--.*?-->/gs, '');
}

export function save(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  // Once the download has begun; browsers do not say when.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Prints it on a page of its own, no wider than the paper. The style sheet is one that a strict CSP allows. */
export function print({ svg, rules }: Picture, open = (page: Window): void => page.print()): void {
  const frame = Object.assign(document.createElement('iframe'), { title: 'Picture to print', width: '0', height: '0' });
  frame.style.position = 'fixed';
  document.body.append(frame);
  const page = frame.contentWindow as Window & typeof globalThis;
  const sheet = new page.CSSStyleSheet();
  sheet.replaceSync(`${rules} svg { max-inline-size: 100%; block-size: auto; }`);
  page.document.adoptedStyleSheets = [sheet];
  page.document.body.append(page.document.importNode(svg, true));
  page.addEventListener('afterprint', () => frame.remove(), { once: true });
  open(page);
}
