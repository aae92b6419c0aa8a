// Tokens that move: a dot runs along every connector that has just been taken. Loaded when the first one moves.

/** More would be a swarm, which tells nobody anything and keeps the page busy: then none. */
const AT_ONCE = 12;

export function moveTokens(graph: SVGElement, taken: readonly string[]): void {
  if (graph.querySelectorAll('.token').length + taken.length > AT_ONCE) return;
  for (const id of taken) {
    const path = graph.querySelector<SVGPathElement>(`[data-connector=${CSS.escape(id)}] .line`);
    if (!path) continue;
    const length = path.getTotalLength();
    const frames = Array.from({ length: 13 }, (_, i) => {
      const { x, y } = path.getPointAtLength((length * i) / 12);
      return { transform: `translate(${x}px, ${y}px)` };
    });
    const token = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
    token.setAttribute('class', 'token');
    token.setAttribute('r', '5');
    graph.append(token);
    const end = (): void => token.remove();
    token.animate(frames, { duration: 600, easing: 'ease-in-out' }).finished.then(end, end);
  }
}
