// Functions and methods of foreign expressions that have one meaning, in JSONata.

export interface Operand {
  readonly source: string;
  readonly type: 'number' | 'string' | 'boolean' | 'name' | 'other' | 'sum';
  /** The text of a string literal. */
  readonly literal?: string;
}

type Make = (...args: readonly string[]) => string;
const UNARY: Readonly<Record<string, readonly [string, Operand['type']]>> = {
  'string length': ['$length', 'number'],
  'upper case': ['$uppercase', 'string'],
  'lower case': ['$lowercase', 'string'],
  count: ['$count', 'number'],
  sum: ['$sum', 'number'],
  floor: ['$floor', 'number'],
  ceiling: ['$ceil', 'number'],
  abs: ['$abs', 'number'],
  not: ['$not', 'boolean'],
  number: ['$number', 'number'],
  string: ['$string', 'string'],
  boolean: ['$boolean', 'boolean'],
};
const METHODS: Readonly<Record<string, readonly [Make, Operand['type']]>> = {
  'length/0': [(x) => `$length(${x})`, 'number'],
  'size/0': [(x) => `$count(${x})`, 'number'],
  'isEmpty/0': [(x) => `$not($boolean(${x}))`, 'boolean'],
  'toLowerCase/0': [(x) => `$lowercase(${x})`, 'string'],
  'toUpperCase/0': [(x) => `$uppercase(${x})`, 'string'],
  'trim/0': [(x) => `$trim(${x})`, 'string'],
  'toString/0': [(x) => `$string(${x})`, 'string'],
  'contains/1': [(x, y) => `$contains(${x}, ${y})`, 'boolean'],
  'includes/1': [(x, y) => `$contains(${x}, ${y})`, 'boolean'],
  'equals/1': [(x, y) => `${x} = ${y}`, 'boolean'],
  'startsWith/1': [(x, y) => `$substring(${x}, 0, $length(${y})) = ${y}`, 'boolean'],
  'endsWith/1': [(x, y) => `$substring(${x}, $length(${x}) - $length(${y})) = ${y}`, 'boolean'],
};
/** Ways to say "the variable with this name". */
const VARIABLE = new Set([
  'getDataObject',
  'getDataInput',
  'getDataOutput',
  'getProcessProperty',
  'getActivityProperty',
  'getVariable',
]);

export function call(name: string, args: readonly Operand[], variable: (name: string) => Operand): Operand | undefined {
  const [first, second] = args;
  if (VARIABLE.has(name) && args.length >= 1) {
    const named = args.at(-1)!.literal;
    return named === undefined ? undefined : { ...variable(named), type: 'other' };
  }
  if (args.length === 0) return name === 'true' || name === 'false' ? { source: name, type: 'boolean' } : undefined;
  if (args.length === 2) {
    if (name === 'contains') return method(first!, 'contains', [second!]);
    if (name === 'starts with' || name === 'starts-with') return method(first!, 'startsWith', [second!]);
    if (name === 'ends with') return method(first!, 'endsWith', [second!]);
    if (name === 'list contains') return { source: `${second!.source} in ${first!.source}`, type: 'boolean' };
    return undefined;
  }
  if (args.length !== 1) return undefined;
  if (name === 'is defined') return { source: `$exists(${first!.source})`, type: 'boolean' };
  const found = Object.hasOwn(UNARY, name) ? UNARY[name]! : undefined;
  return found && { source: `${found[0]}(${first!.source})`, type: found[1] };
}

export function method(of: Operand, name: string, args: readonly Operand[]): Operand | undefined {
  if (VARIABLE.has(name) || (name === 'get' && args.length === 1)) return undefined;
  const key = `${name}/${args.length}`;
  const found = Object.hasOwn(METHODS, key) ? METHODS[key]! : undefined;
  return found && { source: found[0](of.source, ...args.map((a) => a.source)), type: found[1] };
}
