// Names as JSONata writes them.
const PLAIN = /^[A-Za-z_][A-Za-z_0-9]*$/;
const RESERVED = new Set(['and', 'or', 'in', 'function', 'true', 'false', 'null']);

export function isPlainName(name: string): boolean {
  return PLAIN.test(name) && !RESERVED.has(name);
}

/** A variable's name in JSONata: in backticks where it would be read as something else. */
export function quotedName(name: string): string {
  return isPlainName(name) ? name : `\`${name.replaceAll('`', '')}\``;
}

/** Names that a JSONata text reads from its context; cautious: rather one too many. */
export function readsOf(source: string): string[] {
  const bare = source.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\*[\s\S]*?\*\//g, '""');
  const found = new Set<string>();
  for (const match of bare.matchAll(/(?<![\w$.`])(?:`([^`]+)`|([A-Za-z_]\w*))(?!\w|\s*[(:])/g)) {
    const name = match[1] ?? match[2]!;
    if (match[1] !== undefined || isPlainName(name)) found.add(name);
  }
  return [...found];
}
