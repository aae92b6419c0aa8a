// The colours and the furniture that a graph brings along, in the inspector and on its own.
import { css, type CSSResult } from 'lit';

export const frameStyles: CSSResult = css`
  :host {
    --ink: light-dark(#1f2933, #f0f4f8);
    --line: light-dark(#52606d, #9fb3c8);
    --paper: light-dark(#fff, #16202c);
    --soft: light-dark(#f0f4f8, #22303f);
    --now: light-dark(#0b69a3, #62b0e8);
    --bad: light-dark(#a3161b, #ffb4ab);
    --good: light-dark(#1b6b3a, #8fd6a8);
    border: 1px solid var(--line);
    border-radius: 0.5rem;
    background: var(--paper);
    color: var(--ink);
    font:
      0.9rem system-ui,
      sans-serif;
    color-scheme: inherit;
  }
  .tools button {
    min-block-size: 1.9em;
    padding: 0.15em 0.6em;
  }
  .tools [aria-pressed='true'] {
    border-color: var(--now);
    background: var(--soft);
  }
  .facts {
    margin: 0;
    min-block-size: 2.6em;
    color: var(--line);
    overflow-wrap: anywhere;
  }
  .tabs,
  .tools,
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
    align-items: center;
  }
  .canvas {
    overflow: auto;
    max-block-size: 34rem;
    touch-action: pan-x pan-y;
  }
  .canvas.moving {
    cursor: grabbing;
    user-select: none;
  }
  .canvas svg {
    max-inline-size: none;
  }
  .step {
    inline-size: 100%;
    border: 0;
    text-align: start;
    overflow-wrap: anywhere;
  }
  ul,
  ol {
    display: grid;
    gap: 0.25rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  pre {
    margin: 0;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    font:
      0.85rem ui-monospace,
      monospace;
  }
  .hint {
    margin: 0;
    color: var(--line);
  }
`;
