// How far a flow is, in a `<progress>` of the page that the button's `progress` attribute selects.
import type { FlowButton } from './flow-button.js';

export function showProgress(
  button: FlowButton,
  progress: { readonly done: number; readonly total: number } | undefined,
): void {
  if (!button.progress) return;
  const root = button.getRootNode() as Document | ShadowRoot;
  for (const bar of root.querySelectorAll<HTMLProgressElement>(button.progress)) {
    bar.hidden = progress === undefined;
    if (!progress) continue;
    bar.max = Math.max(1, progress.total);
    bar.value = progress.done;
    if (!bar.hasAttribute('aria-label') && !bar.labels?.length) bar.setAttribute('aria-label', button.labelText);
  }
}
