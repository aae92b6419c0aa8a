// A compiled flow as the source of a JavaScript module. Parts that are used in several places stay one part, as they are
// in memory.

export function moduleOf(exported: Readonly<Record<string, unknown>>, main: string): string {
  const shared = partsUsedTwice(Object.values(exported));
  const lines: string[] = [];
  const names = new Map<object, string>();
  // Inner parts come first: `shared` is in the order in which they were completed.
  for (const part of shared) {
    lines.push(`const ${`s${names.size}`} = ${written(part, names)};`);
    names.set(part, `s${names.size}`);
  }
  for (const [name, value] of Object.entries(exported)) lines.push(`export const ${name} = ${written(value, names)};`);
  return `${lines.join('\n')}\nexport default ${main};\n`;
}

function partsUsedTwice(roots: readonly unknown[]): readonly object[] {
  const uses = new Map<object, number>();
  const completed: object[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const before = uses.get(value) ?? 0;
    uses.set(value, before + 1);
    if (before > 0) return;
    for (const part of Object.values(value)) visit(part);
    completed.push(value);
  };
  for (const root of roots) visit(root);
  return completed.filter((part) => uses.get(part)! > 1);
}

function written(value: unknown, names: ReadonlyMap<object, string>): string {
  if (typeof value !== 'object' || value === null) return literal(value);
  const name = names.get(value);
  if (name !== undefined) return name;
  if (Array.isArray(value)) return `[${value.map((v) => written(v, names)).join(',')}]`;
  const members = Object.entries(value).filter(([, v]) => v !== undefined);
  // A computed key, so that `__proto__` is a member like any other.
  return `{${members.map(([key, v]) => `${key === '__proto__' ? '["__proto__"]' : literal(key)}:${written(v, names)}`).join(',')}}`;
}

/** Line separators are allowed in JSON strings, and safe everywhere only when escaped. */
function literal(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
