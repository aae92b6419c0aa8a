// Writes src/bpmn/reader/metamodel.ts: which elements BPMN 2.0 has and what each may have in it, in the short form that the
// reader takes apart when it is loaded. Made from the descriptors that bpmn-moddle comes with.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { types } = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('bpmn-moddle/resources/bpmn/json/bpmn.json'), 'utf8'),
);

/** The standard has the script of a global script task as an element; a lane's partition element may be anything. */
const AS_ELEMENT = new Set(['GlobalScriptTask.script']);
const LEFT_OUT = new Set(['Lane.partitionElement']);

/**
 * Attributes that are not named hold text. `name?`: a boolean one (`?+` true, `?-` false by default); `name#1`: a whole number
 * and its default; `name=x`: a text and its default; `name&`: a reference (`&*` several); `name:Type`: an element (`name*Type`
 * several; without a type it is that of the name, singular); `name!`: the text in the element; `name$`: an element that has
 * nothing but text in it.
 */
function short(type, property) {
  const { name, isMany, isAttr, isReference, isBody, default: otherwise } = property;
  const simple = property.type.replace(/^bpmn:/, '');
  if (isBody) return `${name}!`;
  if (isReference) return `${name}&${isMany ? '*' : ''}`;
  if (AS_ELEMENT.has(`${type}.${name}`) || (!isAttr && simple === 'String')) return `${name}$`;
  const held = simple === 'Expression' ? 'FormalExpression' : simple;
  const derived = name[0].toUpperCase() + name.slice(1, isMany ? -1 : undefined);
  if (!isAttr) return `${name}${isMany ? '*' : ':'}${held === derived ? '' : held}`;
  if (simple === 'Boolean') return `${name}?${otherwise === undefined ? '' : otherwise ? '+' : '-'}`;
  if (simple === 'Integer') return `${name}#${otherwise ?? ''}`;
  return otherwise === undefined || otherwise.startsWith('http') ? '' : `${name}=${otherwise}`;
}

const lines = types.map(({ name, superClass = [], properties = [] }) =>
  [
    [name, ...superClass].join('<'),
    ...properties
      .filter((p) => !p.isVirtual && !p.replaces && !LEFT_OUT.has(`${name}.${p.name}`))
      .flatMap((p) => short(name, p) || []),
  ].join(' '),
);

writeFileSync(
  new URL('../src/bpmn/reader/metamodel.ts', import.meta.url),
  `// The elements of BPMN 2.0 in short; written by scripts/bpmn-metamodel.mjs, which says what the signs mean.
// prettier-ignore
export const METAMODEL = \`${lines.join('\n')}\`;
`,
);
