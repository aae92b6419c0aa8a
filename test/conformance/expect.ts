// Assertions that need neither Node nor a browser, because the same behaviours run in both.

/** Equal as JSON, whatever the order of keys. */
export function same(actual: unknown, expected: unknown, what = 'It'): void {
  const [is, should] = [canonical(actual), canonical(expected)];
  if (is !== should) throw new Error(`${what} is ${is}, and should be ${should}.`);
}

export function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(`It does not hold that ${what}.`);
}

/** The promise is rejected with this code. */
export async function refused(promise: Promise<unknown>, code: string): Promise<void> {
  const outcome = await promise.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  );
  same(outcome, code, 'The outcome');
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      inner !== null && typeof inner === 'object' && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? 'undefined'
  );
}
