// ISO 8601 durations in milliseconds. Weeks, days, hours, minutes and seconds; years and months have no fixed length
// and are refused.

const PATTERN =
  /^P(?=.)(?:(\d+(?:[.,]\d+)?)W)?(?:(\d+(?:[.,]\d+)?)D)?(?:T(?=.)(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/;
const MILLISECONDS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1000];

/** A repeating interval of ISO 8601. */
export interface Cycle {
  /** Milliseconds between two times. */
  readonly every: number;
  /** How often in all; absent: for ever. */
  readonly times?: number;
  /** Epoch ms of the first time; absent: after the first interval. */
  readonly from?: number;
}

/** `"R3/PT10S"` → three times, every ten seconds; with a start: `"R/2026-01-01T08:00:00Z/P1D"`. */
export function parseCycle(text: string): Cycle | undefined {
  const parts = /^R(-1|\d*)\/(?:([^/]+)\/)?(P[^/]+)$/.exec(text.trim());
  const every = parts ? parseDuration(parts[3]!) : undefined;
  const from = parts?.[2] === undefined ? undefined : Date.parse(parts[2]);
  if (!parts || !every || Number.isNaN(from)) return undefined;
  const times = parts[1] === '' || parts[1] === '-1' ? {} : { times: Number(parts[1]) };
  return { every, ...times, ...(from === undefined ? {} : { from }) };
}

/** The first time of a cycle at or after `now`, epoch ms: with a beginning, on its grid; else one interval from now. */
export function firstTime({ every, from: begin }: Cycle, now: number): number {
  const from = begin ?? now + every;
  return from >= now ? from : from + Math.ceil((now - from) / every) * every;
}

/** `"P2DT3H"` → 183600000; undefined when the text is no such duration. */
export function parseDuration(text: string): number | undefined {
  const parts = PATTERN.exec(text);
  if (!parts) return undefined;
  let total = 0;
  for (const [i, unit] of MILLISECONDS.entries()) total += Number((parts[i + 1] ?? '0').replace(',', '.')) * unit;
  return Math.round(total);
}
