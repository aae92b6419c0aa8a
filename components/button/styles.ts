// Looks of the rendered button. They stand in the document or shadow root that the element is in, once, because a sheet in each
// of a thousand shadow roots costs as much again as the buttons themselves; in a layer, so that whatever a page says about
// `::part(button)` wins. A wrapped button keeps its own looks.

/** The part of the rendered button that only these rules speak of. */
export const OWN_PART = 'millrace-button';

export const styles = `
@layer millrace {
  ::part(${OWN_PART}) {
    font: inherit;
    cursor: pointer;
    max-inline-size: 100%;
    min-block-size: 2.4em;
    padding: var(--flow-button-padding, 0.45em 1.1em);
    border: var(--flow-button-border, 1px solid transparent);
    border-radius: var(--flow-button-radius, 0.4em);
    background: var(--flow-button-background, light-dark(#1d5fbf, #8ab4f8));
    color: var(--flow-button-color, light-dark(#fff, #10131a));
  }
  ::part(${OWN_PART}):hover {
    filter: brightness(0.92);
  }
  ::part(${OWN_PART}):disabled,
  ::part(${OWN_PART} busy) {
    opacity: 0.65;
    cursor: default;
  }
  ::part(${OWN_PART}):focus-visible {
    outline: 3px solid var(--flow-focus, light-dark(#1d5fbf, #8ab4f8));
    outline-offset: 2px;
  }
  @media (forced-colors: active) {
    ::part(${OWN_PART}) {
      border-color: ButtonText;
    }
  }
}`;
