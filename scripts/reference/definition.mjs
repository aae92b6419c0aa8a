// docs/reference/definition.md: the parts of a flow definition, from its types and its JSON Schema.
import { join } from 'node:path';
import { code, table } from './elements.mjs';
import { exportsOf, membersOf } from './sources.mjs';

export function definitionPage(root, schema) {
  const types = exportsOf(join(root, 'src/model/definition.ts'));
  const interfaces = types.filter(({ kind }) => kind === 'interface');
  const others = types.filter(({ kind }) => kind === 'type');
  const known = new Set(types.map(({ name }) => name));
  const linked = (type) => {
    const first = type.match(/[A-Z]\w+/g)?.find((name) => known.has(name));
    return first ? `[${code(type)}](#${first.toLowerCase()})` : code(type);
  };
  const top = new Set(Object.keys(schema.properties));
  const missing = membersOf(types.find(({ name }) => name === 'FlowDefinition')).filter(({ name }) => !top.has(name));
  if (missing.length > 0) throw new Error(`The JSON Schema lacks ${missing.map(({ name }) => name).join(', ')}.`);
  return `# The definition, field by field

Generated from the types by \`npm run docs\`; \`millrace/flow.schema.json\` is the same as a JSON Schema. What the parts mean is told in
[the flow language](../flow-language.md). Fields in bold are needed.

${interfaces
  .map(
    (one) =>
      `## ${one.name}\n\n${one.comment ? `${one.comment}\n\n` : ''}${table(
        ['field', 'type', ''],
        membersOf(one),
        (m) => [m.isOptional ? code(m.name) : `**${code(m.name)}**`, linked(m.type), m.comment],
      )}`,
  )
  .join('\n')}
${others.map((one) => `## ${one.name}\n\n${one.comment ? `${one.comment}\n\n` : ''}\`\`\`ts not-run="a declaration of src/model/definition.ts"\n${one.code}\n\`\`\`\n`).join('\n')}`;
}
