// Attaches an inspector of XState, which gets what this one shows: in a window of its own, or through the bridge of this machine.
import { html, type TemplateResult } from 'lit';
import type { ViewContent } from './view.js';

/** Ends what is attached; one at a time for a page. */
let detach: (() => void) | undefined;

export function attachForm({ source }: ViewContent): TemplateResult {
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const said = form.querySelector('output')!;
    try {
      detach?.();
      detach = undefined;
      const address = new URL(String(new FormData(form).get('address')), location.href);
      said.value = `Attached: ${address.host}.`;
      detach = await attach(source, address);
    } catch (error) {
      said.value = error instanceof Error ? error.message : String(error);
    }
  };
  return html`<details>
    <summary>Attach an XState inspector</summary>
    <form class="act" @submit=${submit}>
      <p>
        Tells it of the instances that are not over, their events and their data. A page (https://…) is opened in a
        window; the bridge that <code>npm run inspect</code> starts has a ws: address. Nothing is told to anybody else.
      </p>
      <label>Address<input name="address" required placeholder="ws://127.0.0.1:8899/?token=…" /></label>
      <div class="actions"><button type="submit">Attach</button><output></output></div>
    </form>
  </details>`;
}

async function attach(source: ViewContent['source'], address: URL): Promise<() => void> {
  // The click that allows the window does not last for long.
  const opened = address.protocol.startsWith('ws') ? null : open(address, 'xstateinspector');
  const { createInspection, serveBridge, serveWindow } = await import('../../src/inspect/protocol/index.js');
  const inspection = createInspection(source);
  if (address.protocol.startsWith('ws')) return serveBridge(inspection, address.href);
  if (!opened) throw new Error('The browser has not opened the window; allow it for this page.');
  return serveWindow(inspection, () => opened, address.origin);
}
