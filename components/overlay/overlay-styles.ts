// Styles of the overlay; its panel is invisible until `data-visible`, while the page behind is inert already.
export const overlayStyles = `
dialog.millrace-overlay {
  border: 0; padding: 0; background: transparent; color: inherit; max-inline-size: min(28rem, calc(100vw - 2rem));
  opacity: 0; outline: 0;
}
dialog.millrace-overlay::backdrop { background: transparent; }
dialog.millrace-overlay[data-visible] { opacity: 1; }
dialog.millrace-overlay[data-visible]::backdrop { background: var(--flow-overlay-backdrop, rgb(0 0 0 / .35)); }
.millrace-panel {
  box-sizing: border-box; inline-size: 100%; min-inline-size: min(20rem, calc(100vw - 2rem)); padding: 1.25rem 1.5rem; border-radius: .75rem;
  background: var(--flow-panel-background, Canvas); color: var(--flow-panel-color, CanvasText);
  border: 1px solid color-mix(in srgb, CanvasText 20%, transparent); box-shadow: 0 1rem 3rem rgb(0 0 0 / .3);
}
.millrace-title { margin: 0 0 .75rem; font-weight: 600; }
.millrace-panel progress { inline-size: 100%; accent-color: var(--flow-accent, #1d5fbf); }
.millrace-message { margin: .5rem 0 1rem; min-block-size: 1.4em; }
.millrace-buttons { display: flex; flex-wrap: wrap; gap: .5rem; justify-content: end; }
.millrace-buttons button { font: inherit; padding: .4em 1em; cursor: pointer; border: 1px solid color-mix(in srgb, currentColor 40%, transparent); border-radius: .4em; background: transparent; color: inherit; }
.millrace-buttons button:focus-visible { outline: 3px solid var(--flow-button-focus, #f5a623); outline-offset: 2px; }
`;
