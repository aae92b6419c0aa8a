// Custom data for Visual Studio Code from the Custom Elements Manifest: completion and hover texts for tags, attributes and
// their values in HTML files.

/** Attributes whose type is a choice of texts, such as `"drop"|"queue"`, bring the choices along. */
export function htmlData(manifest) {
  const elements = manifest.modules.flatMap(({ declarations = [] }) => declarations.filter((d) => d.tagName));
  return {
    version: 1.1,
    tags: elements
      .map((element) => ({
        name: element.tagName,
        description: element.description ?? '',
        attributes: (element.attributes ?? [])
          .filter(({ name, description }) => description && !name.includes('*'))
          .map(attributeOf),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function attributeOf({ name, description, type }) {
  const values = [...(type?.text ?? '').matchAll(/["']([^"']+)["']/g)].map(([, value]) => ({ name: value }));
  if (type?.text === 'boolean') return { name, description, valueSet: 'v' };
  return { name, description, ...(values.length > 0 ? { values } : {}) };
}
