// docs/reference/elements.md from the custom elements manifest.

export function elementsPage(manifest) {
  const elements = manifest.modules
    .flatMap(({ declarations = [] }) => declarations.filter((d) => d.tagName))
    .sort((a, b) => a.tagName.localeCompare(b.tagName));
  return `# Elements

Generated from the custom elements manifest (\`custom-elements.json\` in the package) by \`npm run docs\`. Attributes without a value are true by their presence.

${elements.map(({ tagName }) => `[\`<${tagName}>\`](#${tagName})`).join(' · ')}

${elements.map(elementSection).join('\n')}`;
}

function elementSection(element) {
  const { tagName, description = '', attributes = [], events = [], slots = [], members = [] } = element;
  const isPublic = (m) => !m.static && !m.name.startsWith('#') && !['private', 'protected'].includes(m.privacy);
  const told = members.filter((m) => isPublic(m) && m.description);
  const types = (a) => (a.type?.text ?? '').replace(' | undefined', '');
  return [
    `## ${tagName}\n`,
    `${description}\n`,
    table(['attribute', 'type', ''], attributes, (a) => [code(a.name), code(types(a)), a.description ?? '']),
    table(['event', ''], events, (e) => [code(e.name), e.description ?? '']),
    table(['property or method', ''], told, (m) => [
      code(m.kind === 'method' ? `${m.name}(${(m.parameters ?? []).map((p) => p.name).join(', ')})` : m.name),
      m.description,
    ]),
    table(['slot', ''], slots, (s) => [s.name === '' ? '(inside)' : code(s.name), s.description ?? '']),
    list('Parts', element.cssParts),
    list('States', element.cssStates),
    list('Custom properties', element.cssProperties),
  ]
    .filter(Boolean)
    .join('\n');
}

export function table(heads, rows, cells) {
  if (rows.length === 0) return '';
  const line = (all) => `| ${all.map((cell) => cell.replaceAll('\n', ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  return `${line(heads)}\n|${heads.map(() => '---').join('|')}|\n${rows.map((row) => line(cells(row))).join('\n')}\n`;
}

function list(title, items = []) {
  if (items.length === 0) return '';
  return `${title}: ${items.map(({ name, description }) => code(name) + (description ? ` (${description.replace(/\.$/, '')})` : '')).join(', ')}\n`;
}

export function code(text) {
  return text === '' ? '' : `\`${text}\``;
}
