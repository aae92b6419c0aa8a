// Registers an element and takes over the definitions the page carries; loading the module twice does no harm.
import { readDefinitions } from './page-definitions.js';

export function defineOnce(tag: string, element: CustomElementConstructor): void {
  readDefinitions();
  if (!customElements.get(tag)) customElements.define(tag, element);
}
