// A diagnostic is a value: collected, sorted, printable, JSON. Codes are public and stable (docs/diagnostics.md).

export type Severity = 'error' | 'warning';

export interface Diagnostic {
  /** Stable code such as `FLOW-E102`. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence: what is wrong and where. */
  readonly message: string;
  /** Ids of the elements concerned, the main one first. */
  readonly ids: readonly string[];
  /** What to do about it. */
  readonly suggestion?: string;
  /** A witness: activity ids from a start to the fault. */
  readonly path?: readonly string[];
  /** Where in an expression, 0-based. */
  readonly position?: number;
}

/** Errors first, then by code and first id; a stable order for people and snapshots. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const rank = (d: Diagnostic): string => `${d.severity === 'error' ? 0 : 1}${d.code} ${d.ids.join(' ')} ${d.message}`;
  return [...diagnostics].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}

/** Errors that are meant to be mended, while what the engine does about them is well defined. */
const RUNS_ANYWAY: ReadonlySet<string> = new Set(['FLOW-E302', 'FLOW-E303', 'FLOW-E306', 'FLOW-E402']);

/** Whether a flow cannot run. */
export function stopsAFlow(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error' && !RUNS_ANYWAY.has(d.code));
}

/** `FLOW-E102 connector c1 points to … (try: …)`, one line per diagnostic. */
export function formatDiagnostic(d: Diagnostic): string {
  const path = d.path?.length ? ` [path: ${d.path.join(' → ')}]` : '';
  return `${d.code} ${d.message}${path}${d.suggestion ? ` (${d.suggestion})` : ''}`;
}
