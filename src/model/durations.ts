// ISO 8601 durations in milliseconds. Weeks, days, hours, minutes and seconds; years and months have no fixed length
// and are refused.

const PATTERN =
  /^P(?=.)(?:(\d+(?:[.,]\d+)?)W)?(?:(\d+(?:[.,]\d+)?)D)?(?:T(?=.)(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/;
const MILLISECONDS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1000];

/** `"P2DT3H"` → 183600000; undefined when the text is no such duration. */
export function parseDuration(text: string): number | undefined {
  const parts = PATTERN.exec(text);
  if (!parts) return undefined;
  let total = 0;
  for (const [i, unit] of MILLISECONDS.entries()) total += Number((parts[i + 1] ?? '0').replace(',', '.')) * unit;
  return Math.round(total);
}
