// The runtime that an element talks to: that of the nearest `<flow-provider>` around it, else the page's.
import { runtime, type Runtime } from '../../src/runtime/index.js';

export function providerOf(element: Element): (Element & { readonly runtime?: Runtime }) | undefined {
  for (let at: Element | null = element; at; at = (at.getRootNode() as Partial<ShadowRoot>).host ?? null) {
    const provider = at.closest('flow-provider');
    if (provider) return provider;
  }
  return undefined;
}

/** Waits for a provider whose module is still being loaded. */
export async function runtimeOf(element: Element): Promise<Runtime> {
  const provider = providerOf(element);
  if (!provider) return runtime;
  await customElements.whenDefined('flow-provider');
  return provider.runtime ?? runtime;
}
