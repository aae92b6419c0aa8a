// Processes of an earlier visit go on with the page, not with the first click; but only once its scripts have had the
// chance to configure the runtime and to register their functions.

let isAsked = false;

export function resumeWithPage(): void {
  if (isAsked || !globalThis.document) return;
  isAsked = true;
  // What fails here shows again, with words, where processes are used.
  const resume = (): unknown =>
    import('../src/runtime/index.js').then(({ runtime }) => runtime.resume()).catch(() => {});
  if (document.readyState === 'complete') setTimeout(resume);
  else addEventListener('load', () => setTimeout(resume), { once: true });
}
