// The sequence diagram of a flow as SVG: a lifeline for everybody it asks for something, frames for what may happen.
import type { CompiledFlow } from '../compiler/index.js';
import { FLOW, scenesOf, type Participant, type Scene } from './scenes.js';
import { escape } from './svg-text.js';

const COLUMN = 170;
const ROW = 34;
const TOP = 74;
const COLOURS = `
  svg { --ink: #1f2933; --line: #52606d; --fill: #ffffff; --soft: #f0f4f8; --mark: #0b69a3; background: var(--fill);
    font: 13px system-ui, sans-serif; }
  @media (prefers-color-scheme: dark) { svg { --ink: #f0f4f8; --line: #9fb3c8; --fill: #16202c; --soft: #22303f; --mark: #62b0e8; } }`;

/** The rules of the picture, for a style sheet of a page that sets `--ink`, `--line`, `--fill`, `--soft` and `--mark`. */
export const sequenceRules = `
  text { fill: var(--ink); paint-order: stroke; stroke: var(--fill); stroke-width: 3px; } .head + text, .head + text + text { stroke: none; } .small { font-size: 11px; fill: var(--line); } .head { fill: var(--soft); stroke: var(--ink); }
  .role { stroke: var(--mark); stroke-width: 2; } .life { stroke: var(--line); stroke-dasharray: 4 4; }
  .message { stroke: var(--ink); fill: none; } .answer { stroke: var(--line); stroke-dasharray: 4 3; fill: none; } .tip { fill: var(--ink); }
  .frame { fill: none; stroke: var(--line); } .tag { fill: var(--soft); stroke: var(--line); } .note { fill: var(--soft); stroke: var(--line); }`;

export interface SequenceOptions {
  /** Leave the style sheet out: the page has `sequenceRules` in one of its own, as a strict Content Security Policy wants it. */
  readonly unstyled?: boolean;
}

/** Calls and answers in the order of the flow; `alt`, `opt`, `par`, `loop`, `sub` and `event` frames around what they concern. */
export function svgSequence({ plan, definition }: CompiledFlow, { unstyled }: SequenceOptions = {}): string {
  const scenes = scenesOf(plan);
  const title = definition.title ?? definition.flow;
  const people = [{ ...FLOW, name: title }, ...participantsIn(scenes)];
  const columns = new Map(people.map((p, i) => [p.id, 80 + i * COLUMN]));
  const drawn: string[] = [];
  const frames: string[] = [];
  const right = 80 + (people.length - 1) * COLUMN + 70;
  let y = TOP;
  const write = (x: number, text: string, kind = '', anchor = 'start'): void =>
    void drawn.push(`<text class="${kind}" text-anchor="${anchor}" x="${x}" y="${y}">${escape(text)}</text>`);

  const tell = (scene: Scene, depth: number): void => {
    const home = columns.get(FLOW.id)!;
    if (scene.type === 'note') {
      y += ROW;
      drawn.push(
        `<rect class="note" x="${home - 62}" y="${y - 18}" width="${Math.max(124, scene.text.length * 6.6)}" height="24" rx="4"/>`,
      );
      y -= 2;
      write(home - 54, scene.text, 'small');
      return;
    }
    if (scene.type === 'call') {
      const to = columns.get(scene.to.id)!;
      y += ROW;
      write((home + to) / 2, scene.text, '', 'middle');
      drawn.push(`<path class="message" marker-end="url(#tip)" d="M${home} ${y + 6}H${to}"/>`);
      y += 16;
      drawn.push(`<path class="answer" marker-end="url(#tip)" d="M${to} ${y + 4}H${home}"/>`);
      return;
    }
    y += 16;
    const [top, left] = [y, 8 + depth * 6];
    y += 14;
    write(left + 6, scene.kind, 'small');
    if (scene.title) write(left + 52, scene.title, 'small');
    scene.branches.forEach((branch, i) => {
      if (i > 0) {
        y += 16;
        drawn.push(`<path class="life" d="M${left} ${y}H${right - depth * 6}"/>`);
        y += 14;
      }
      if (branch.title && branch.title !== scene.title) write(left + 52, `[${branch.title}]`, 'small');
      for (const inner of branch.scenes) tell(inner, depth + 1);
      if (branch.scenes.length === 0) y += 6;
    });
    y += 14;
    const width = right - depth * 6 - left;
    frames.push(
      `<rect class="frame" x="${left}" y="${top}" width="${width}" height="${y - top}" rx="4"/><path class="tag" d="M${left} ${top}h44v12l-6 6h-38z"/>`,
    );
  };
  for (const scene of scenes) tell(scene, 0);
  const bottom = y + 30;
  const width = right + 20;
  const heads = people.map(({ id, kind, name }) => {
    const x = columns.get(id)!;
    return `<path class="life" d="M${x} 58V${bottom}"/><rect class="head${kind === 'role' ? ' role' : ''}" x="${x - 72}" y="14" width="144" height="44" rx="6"/><text text-anchor="middle" x="${x}" y="34">${escape(name.length > 18 ? `${name.slice(0, 17)}…` : name)}</text><text class="small" text-anchor="middle" x="${x}" y="50">${kind}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t d" viewBox="0 0 ${width} ${bottom + 10}" width="${width}" height="${bottom + 10}">`,
    `<title id="t">${escape(title)}: sequence</title>`,
    `<desc id="d">${escape(scenes.map(inWords).join(' '))}</desc>`,
    ...(unstyled ? [] : [`<style>${COLOURS}${sequenceRules}</style>`]),
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>',
    ...frames,
    ...heads,
    ...drawn,
    '</svg>',
  ].join('\n');
}

function participantsIn(scenes: readonly Scene[]): readonly Participant[] {
  const found = new Map<string, Participant>();
  const look = (scene: Scene): void => {
    if (scene.type === 'call') found.set(scene.to.id, scene.to);
    else if (scene.type === 'frame') scene.branches.forEach((b) => b.scenes.forEach(look));
  };
  scenes.forEach(look);
  return [...found.values()];
}

function inWords(scene: Scene): string {
  if (scene.type === 'call') return `${scene.text}: asks ${scene.to.kind} ${scene.to.name}.`;
  if (scene.type === 'note') return `${scene.text}.`;
  const branches = scene.branches.map(
    (b) => `${b.title ? `${b.title}: ` : ''}${b.scenes.map(inWords).join(' ') || 'nothing.'}`,
  );
  return `${scene.kind} ${scene.title} (${branches.join(' | ')})`;
}
