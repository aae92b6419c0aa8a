// What a flow refused, said where people can mend it: at the fields, by the browser's own means.
import { byName, type Field } from '../forms/read-fields.js';

/** Marks the fields and focuses the first; gives the function that takes the marks away. Editing a field does, too. */
export function refuseFields(source: HTMLElement, faults: Readonly<Record<string, string>>): () => void {
  const marked = new Set<HTMLInputElement>();
  const fields = byName(source);
  for (const [name, reason] of Object.entries(faults)) {
    const field = fields.get(name)?.find((f): f is Field & HTMLInputElement => 'setCustomValidity' in f);
    if (!field) continue;
    field.setCustomValidity(reason);
    marked.add(field);
    const clear = (): void => (field.setCustomValidity(''), void marked.delete(field));
    field.addEventListener('input', clear, { once: true });
    field.addEventListener('change', clear, { once: true });
  }
  [...marked][0]?.reportValidity();
  return () => {
    for (const field of marked) field.setCustomValidity('');
    marked.clear();
  };
}
