// What happened in an instance, drawn: lifelines for everybody it asked, one row for every question and answer, with times.
import type { CompiledFlow } from '../compiler/index.js';
import type { HistoryRecord } from '../hosts/host.js';
import { happeningsIn, type Happening } from './happenings.js';
import { FLOW, type Participant } from './scenes.js';
import { escape } from './svg-text.js';
import { durationInWords } from './timeline.js';

const COLUMN = 190;
const LEFT = 170;
const ROW = 30;
const TOP = 74;
/** A longer silence is told; ms. */
const SILENCE = 60_000;

export interface HappeningsOptions {
  /** Writes a moment (epoch ms). */
  readonly time?: (at: number) => string;
  /** Draw the last ones only. */
  readonly most?: number;
}

/** Without a style sheet: the page has `sequenceRules` in one of its own. Rows carry their step in `data-step`. */
export function svgHappenings(
  flow: CompiledFlow,
  history: readonly HistoryRecord[],
  { time = (at) => new Date(at).toISOString().slice(11, 23), most = 300 }: HappeningsOptions = {},
): string {
  const all = happeningsIn(flow, history);
  const shown = all.slice(-most);
  const people = participantsIn(shown);
  const title = flow.definition.title ?? flow.definition.flow;
  const column = (who: Participant | undefined): number =>
    LEFT + (who ? people.findIndex((p) => p.id === who.id) + 1 : 0) * COLUMN;
  let y = TOP;
  let before: number | undefined;
  const rows = shown.map((h) => {
    y += ROW;
    let silence = '';
    if (before !== undefined && h.at - before >= SILENCE) {
      silence = `<text class="small" x="8" y="${y - 4}">… ${escape(durationInWords(h.at - before))} later</text>`;
      y += ROW * 0.7;
    }
    before = h.at;
    return `${silence}<g data-step="${h.step}"><title>${escape(inWords(h))}</title><text class="small" x="8" y="${y + 4}">${escape(time(h.at))}</text>${drawn(h, LEFT, column(h.with), y)}</g>`;
  });
  const bottom = y + 30;
  const width = LEFT + people.length * COLUMN + 90;
  const heads = [{ ...FLOW, name: title }, ...people].map(({ kind, name }, i) => {
    const x = LEFT + i * COLUMN;
    return `<path class="life" d="M${x} 58V${bottom}"/><rect class="head${kind === 'role' ? ' role' : ''}" x="${x - 72}" y="14" width="144" height="44" rx="6"/><text text-anchor="middle" x="${x}" y="34">${escape(short(name, 18))}</text><text class="small" text-anchor="middle" x="${x}" y="50">${kind}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escape(`What happened in ${title}: ${shown.map(inWords).join('; ')}`)}" viewBox="0 0 ${width} ${bottom + 10}" width="${width}" height="${bottom + 10}">`,
    '<defs><marker id="came" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>',
    ...heads,
    ...(all.length > shown.length
      ? [`<text class="small" x="8" y="${TOP}">${all.length - shown.length} earlier</text>`]
      : []),
    ...rows,
    '</svg>',
  ].join('\n');
}

function drawn({ type, text }: Happening, home: number, there: number, y: number): string {
  if (type === 'note')
    return `<rect class="note" x="${home - 62}" y="${y - 13}" width="${Math.max(124, Math.min(text.length, 48) * 6.6 + 16)}" height="24" rx="4"/><text class="small" x="${home - 54}" y="${y + 4}">${escape(short(text, 48))}</text>`;
  const [from, to] = type === 'ask' ? [home, there] : [there, home];
  const kind = type === 'ask' ? 'message' : type === 'failure' ? 'answer broken' : 'answer';
  const cross = type === 'failure' ? `<path class="message" d="M${there - 6} ${y - 1}l12 12m0 -12l-12 12"/>` : '';
  return `<text class="${type === 'ask' ? '' : 'small'}" text-anchor="middle" x="${(home + there) / 2}" y="${y}">${escape(short(text, 30))}</text><path class="${kind}" marker-end="url(#came)" d="M${from} ${y + 5}H${to}"/>${cross}`;
}

function participantsIn(happenings: readonly Happening[]): readonly Participant[] {
  const found = new Map<string, Participant>();
  for (const { with: who } of happenings) if (who) found.set(who.id, who);
  return [...found.values()];
}

function inWords({ type, text, activity, with: who }: Happening): string {
  if (type === 'note') return text;
  const place = activity === undefined ? '' : `${activity} `;
  if (type === 'ask') return `asks ${who!.kind} ${who!.name}: ${text}`;
  return `${place}${type === 'answer' ? 'answered after' : 'failed:'} ${text}`;
}

function short(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
