// Timer definitions. Months and years, which have no fixed length, count as 30 and 365 days. A cycle repeats where the event
// does not interrupt; anywhere else its first time is all there is.
import { parseCycle, parseDuration } from '../../model/index.js';
import { one, type BpmnElement } from '../elements.js';
import { bodyOf, expressionOf, literal, type Scene } from './scene.js';

export type TimerTrigger = { readonly after: string } | { readonly until: string } | { readonly cycle: string };

const CALENDAR = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(T[\dHMS.]+)?$/;
const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** Undefined: the file does not say when, or not in a way that is understood. */
export function timerOf(scene: Scene, definition: BpmnElement, repeats: boolean): TimerTrigger | undefined {
  for (const member of ['timeDuration', 'timeDate', 'timeCycle'] as const) {
    const expression = one(definition, member);
    const body = bodyOf(expression);
    if (expression === undefined || body === undefined) continue;
    const bare = body.replace(/^(["'])(.*)\1$/, '$2');
    const found = member === 'timeCycle' ? cycle(scene, definition, bare, repeats) : fixed(scene, definition, bare);
    if (found) return found;
    const source = expressionOf(scene, expression, { names: true });
    if (source !== undefined && member === 'timeCycle' && repeats) return { cycle: source };
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

/** `R3/PT10S`, with a start (`R/2026-01-01T08:00:00Z/P1D`), or only a duration. */
function cycle(scene: Scene, definition: BpmnElement, body: string, repeats: boolean): TimerTrigger | undefined {
  const parts = body.split('/');
  const times = /^R(?:-1|\d*)$/.test(parts[0]!) ? parts.shift()! : 'R';
  const start = parts.length > 1 && INSTANT.test(parts[0]!) ? parts.shift()! : undefined;
  const found = parts.length === 1 ? fixed(scene, definition, parts[0]!) : undefined;
  if (!found || !('after' in found)) return found;
  const whole = [times, ...(start === undefined ? [] : [start]), found.after].join('/');
  if (repeats && parseCycle(whole)) return { cycle: whole };
  return start === undefined ? found : { until: literal(start) };
}
