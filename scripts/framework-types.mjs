// Typings of the elements for JSX and templates, from the Custom Elements Manifest: attributes under their own names, properties
// under theirs, events with what they carry. Types only; no framework is needed to build them.

/** Framework → text of its declaration file. */
export function frameworkTypes(manifest) {
  const elements = manifest.modules
    .flatMap(({ declarations = [] }) => declarations.filter((d) => d.tagName))
    .sort((a, b) => (a.tagName < b.tagName ? -1 : 1));
  return { react: react(elements), vue: vue(elements), svelte: svelte(elements) };
}

const HEAD = `// Made from the Custom Elements Manifest; do not edit.`;

function react(elements) {
  return `${HEAD}
// React 19: \`import 'millrace/react'\`, or "types": ["millrace/react"] in tsconfig.json.
import type { HTMLAttributes, RefAttributes } from 'react';
${imports(elements)}

type On<K extends keyof FlowEventMap> = { [E in K as \`on\${E}\`]?: (event: FlowEventMap[E]) => void };
type Props<E, Own> = Own & Omit<HTMLAttributes<E>, keyof Own> & RefAttributes<E>;
type Data = { [name: \`data-\${string}\` | \`message-\${string}\`]: string | number | undefined };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
${each(elements, (e) => `'${e.tagName}': Props<${e.name}, ${own(e)} & On<${eventNames(e)}>>;`)}
    }
  }
}
`;
}

function vue(elements) {
  return `${HEAD}
// Vue 3 templates: \`import 'millrace/vue'\`, or "types": ["millrace/vue"] in tsconfig.json.
import type { HTMLAttributes, PublicProps } from 'vue';
${imports(elements)}

type Camel<T extends string> = T extends \`\${infer A}-\${infer B}\` ? \`\${Capitalize<A>}\${Camel<B>}\` : Capitalize<T>;
type On<K extends keyof FlowEventMap> = { [E in K as \`on\${Camel<E>}\`]?: (event: FlowEventMap[E]) => void };
type Data = { [name: \`data\${string}\` | \`message\${string}\`]: string | number | undefined };
type Element<E, Own> = new () => E & { $props: Own & Omit<HTMLAttributes, keyof Own> & PublicProps };

declare module 'vue' {
  interface GlobalComponents {
${each(elements, (e) => `'${e.tagName}': Element<${e.name}, ${own(e)} & On<${eventNames(e)}>>;`)}
  }
}
`;
}

function svelte(elements) {
  return `${HEAD}
// Svelte 5: \`import 'millrace/svelte'\`, or "types": ["millrace/svelte"] in tsconfig.json.
import type { HTMLAttributes } from 'svelte/elements';
${imports(elements)}

type On<K extends keyof FlowEventMap> = {
  [E in K as \`on\${E}\` | \`on:\${E}\`]?: (event: FlowEventMap[E]) => void;
};
type Props<E extends EventTarget, Own> = Own & Omit<HTMLAttributes<E>, keyof Own>;
type Data = { [name: \`data-\${string}\` | \`message-\${string}\`]: string | number | undefined };

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
${each(elements, (e) => `'${e.tagName}': Props<${e.name}, ${own(e)} & On<${eventNames(e)}>>;`)}
  }
}
`;
}

function imports(elements) {
  const lines = elements.map(
    ({ name, tagName }) => `import type { ${name} } from '../components/${tagName}/${tagName}.js';`,
  );
  return [`import type { FlowEventMap } from '../components/events.js';`, ...lines].join('\n');
}

const each = (elements, line) => elements.map((e) => `      ${line(e)}`).join('\n');

/** All of ours have a hyphen; what has none is a name of the code that the analyzer took for one. */
function eventNames({ tagName, events = [] }) {
  const odd = events.find(({ name }) => !name.includes('-'));
  if (odd) throw new Error(`The manifest says that ${tagName} fires "${odd.name}": make that event in a function.`);
  return events.map(({ name }) => `'${name}'`).join(' | ') || 'never';
}

/** Attributes by name and by property, and properties without an attribute that pages set. */
function own({ name, attributes = [], members = [] }) {
  const pairs = attributes
    // What begins with "on" is an event to most frameworks.
    .filter((a) => a.fieldName && !/^on[A-Z]/.test(a.fieldName))
    .flatMap((a) => [a.name, a.fieldName].map((key) => `'${key}'?: ${name}['${a.fieldName}']`));
  const properties = members
    .filter((m) => m.kind === 'field' && !m.static && !m.readonly && !m.attribute && m.description)
    .filter((m) => m.privacy === undefined || m.privacy === 'public')
    .map((m) => `'${m.name}'?: ${name}['${m.name}']`);
  return `{ ${[...new Set([...pairs, ...properties])].join('; ')} } & Data`;
}
