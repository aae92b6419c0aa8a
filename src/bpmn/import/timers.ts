// Timer definitions. Months and years, which have no fixed length, count as 30 and 365 days; cycles happen once.
import { parseDuration } from '../../model/index.js';
import { one, type BpmnElement } from '../elements.js';
import { bodyOf, expressionOf, literal, type Scene } from './scene.js';

export type TimerTrigger = { readonly after: string } | { readonly until: string };

const CALENDAR = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(T[\dHMS.]+)?$/;
const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** Undefined: the file does not say when, or not in a way that is understood. */
export function timerOf(scene: Scene, definition: BpmnElement): TimerTrigger | undefined {
  for (const member of ['timeDuration', 'timeDate', 'timeCycle'] as const) {
    const expression = one(definition, member);
    const body = bodyOf(expression);
    if (expression === undefined || body === undefined) continue;
    const bare = body.replace(/^(["'])(.*)\1$/, '$2');
    const found = member === 'timeCycle' ? cycle(scene, definition, bare) : fixed(scene, definition, bare);
    if (found) return found;
    const source = expressionOf(scene, expression, { names: true });
    if (source !== undefined) return member === 'timeDate' ? { until: source } : { after: source };
  }
  return undefined;
}

function fixed(scene: Scene, definition: BpmnElement, body: string): TimerTrigger | undefined {
  if (parseDuration(body) !== undefined) return { after: body };
  if (INSTANT.test(body) && !Number.isNaN(Date.parse(body))) return { until: literal(body) };
  const parts = CALENDAR.exec(body);
  if (!parts || body === 'P') return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0] = parts.slice(1, 5).map((p) => Number(p ?? 0));
  const after = `P${years * 365 + months * 30 + weeks * 7 + days}D${parts[5] ?? ''}`;
  if (parseDuration(after) === undefined) return undefined;
  scene.report.inPart(definition, `Months and years have no fixed length: ${body} is taken as ${after}.`);
  return { after };
}

function cycle(scene: Scene, definition: BpmnElement, body: string): TimerTrigger | undefined {
  const parts = body.split('/');
  const when = /^R\d*$/.test(parts[0]!) ? parts.slice(1) : parts;
  for (const part of when) {
    const found = fixed(scene, definition, part);
    if (!found) continue;
    scene.report.inPart(definition, `The timer repeats by ${body}; here it happens once, after the first period.`);
    return found;
  }
  return undefined;
}
