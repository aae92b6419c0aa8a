// FLOW-W206: an index that finds nothing. A warning, because all the rest works.
import type { Diagnostic, FlowDefinition } from '../model/index.js';

export function checkIndexed({ flow, kind, variables = {} }: FlowDefinition): Diagnostic[] {
  return Object.entries(variables).flatMap(([name, { indexed, schema }]) => {
    const why =
      indexed === undefined ? undefined : lack(kind, indexed, (schema as { type?: unknown } | undefined)?.type);
    if (!why) return [];
    const [message, suggestion] = why;
    return [
      {
        code: 'FLOW-W206',
        severity: 'warning',
        ids: [flow],
        message: `The variable "${name}" is indexed, but ${message}.`,
        suggestion,
      },
    ];
  });
}

function lack(
  kind: FlowDefinition['kind'],
  indexed: true | readonly string[],
  type: unknown,
): readonly [message: string, suggestion: string] | undefined {
  if (kind === 'microflow') return ['instances of a microflow are not stored', 'leave `indexed` out'];
  if (indexed === true && (type === 'object' || type === 'array'))
    return [`it holds an ${type}`, type === 'object' ? 'name the paths in it, like ["id"]' : 'leave `indexed` out'];
  if (indexed !== true && typeof type === 'string' && type !== 'object')
    return [`it has no members: its type is ${type}`, 'write `"indexed": true`'];
  return undefined;
}
