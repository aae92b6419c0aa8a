// A flow as pseudo-code in the manner of Ballerina, for people who read programs more easily than graphs. Read-only: a flow
// whose branches do not meet in pairs is told by saying where it goes on.
import type { CompiledFlow, PlannedActivity } from '../../compiler/index.js';
import { scenesOf, type Scene } from '../scenes.js';

export function pseudoCode({ plan, definition }: Pick<CompiledFlow, 'plan' | 'definition'>): string {
  const inputs = Object.entries(definition.input ?? {}).map(([name, schema]) => `${typeOf(schema)} ${name}`);
  const lines: string[] = [`${definition.kind} ${definition.flow}(${inputs.join(', ')}) {`];
  for (const [name, { initial }] of Object.entries(definition.variables ?? {}))
    lines.push(`    var ${name}${initial === undefined ? '' : ` = ${JSON.stringify(initial)}`};`);
  for (const scene of scenesOf(plan)) lines.push(...told(scene, plan.activities, '    '));
  const output = Object.entries(definition.output ?? {}).map(([name, expression]) => `${name}: ${expression}`);
  if (output.length > 0) lines.push(`    return { ${output.join(', ')} };`);
  return [...lines, '}'].join('\n');
}

function told(scene: Scene, activities: CompiledFlow['plan']['activities'], indent: string): string[] {
  const inside = (scenes: readonly Scene[]): string[] => scenes.flatMap((s) => told(s, activities, `${indent}    `));
  if (scene.type === 'note') return [indent + noteOf(scene.text, activities[scene.activity])];
  if (scene.type === 'call') return [indent + callOf(activities[scene.activity]!, scene.to.name)];
  const { kind, title, branches } = scene;
  switch (kind) {
    case 'opt':
      return [`${indent}if ${title || 'the event happens'} {`, ...inside(branches[0]!.scenes), `${indent}}`];
    case 'alt':
      return branches.flatMap((b, i) => {
        const test = b.title === 'else' || b.title === '' ? 'else' : `${i > 0 ? 'else ' : ''}if ${b.title}`;
        return [`${indent}${test} {`, ...inside(b.scenes), `${indent}}`];
      });
    case 'par':
      return [
        `${indent}fork {`,
        ...branches.flatMap((b, i) => [
          `${indent}    worker w${i + 1}${b.title ? ` if ${b.title}` : ''} {`,
          ...b.scenes.flatMap((s) => told(s, activities, `${indent}        `)),
          `${indent}    }`,
        ]),
        `${indent}} wait for all that run;`,
      ];
    case 'loop': {
      const head = title.startsWith('for each of ') ? `foreach item in ${title.slice(12)}` : title;
      if (!head.startsWith('until ')) return [`${indent}${head} {`, ...inside(branches[0]!.scenes), `${indent}}`];
      return [`${indent}do {`, ...inside(branches[0]!.scenes), `${indent}} ${head};`];
    }
    case 'sub':
      return [`${indent}do { // ${title}`, ...inside(branches[0]!.scenes), `${indent}}`];
    case 'event':
      return [`${indent}${title} {`, ...inside(branches[0]!.scenes), `${indent}}`];
  }
}

function callOf({ name, type, definition: d }: PlannedActivity, to: string): string {
  const given = Object.entries(d.implementation?.arguments ?? d.input ?? {}).map(
    ([n, expression]) => `${n}: ${expression}`,
  );
  const written = Object.entries(d.output ?? {}).map(([variable, expression]) => `${variable} = ${expression}`);
  const what = {
    user: `await ${to || 'somebody'} do`,
    receive: `await message ${to} in`,
    send: `send ${to} in`,
    call: `call ${to} in`,
  }[type as 'user' | 'receive' | 'send' | 'call'];
  const head = what === undefined ? `${to}(${given.join(', ')});` : `${what} "${name}"(${given.join(', ')});`;
  const tail = written.length > 0 ? ` { ${written.join('; ')} }` : '';
  return `${head}${tail}${what === undefined && name !== to ? ` // ${name}` : ''}`;
}

function noteOf(text: string, activity: PlannedActivity | undefined): string {
  const written = Object.entries(activity?.definition.output ?? {}).map(([v, expression]) => `${v} = ${expression};`);
  if (activity?.type === 'wait') return `wait; // ${text}`;
  return written.length > 0 && !text.startsWith('goes on') ? `${written.join(' ')} // ${text}` : `// ${text}`;
}

function typeOf(schema: unknown): string {
  const { type } = (schema ?? {}) as { type?: unknown };
  return typeof type === 'string' ? type : 'any';
}
