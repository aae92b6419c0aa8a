// How task forms look where the page says nothing: without specificity, so that any rule of the page wins.
import { css, type CSSResult } from '@lit/reactive-element';

export const layout: CSSResult = css`
  :where(task-form) {
    display: block;
  }
  :where(form.task-form) {
    display: grid;
    gap: 0.9rem;
    justify-items: start;
  }
  :where(.task-form-field) {
    display: grid;
    gap: 0.25rem;
    inline-size: min(100%, 28rem);
  }
  :where(.task-form-field > :is(input, select, textarea)) {
    font: inherit;
    padding: 0.4em 0.5em;
    inline-size: 100%;
    box-sizing: border-box;
  }
  :where(.task-form-box) {
    display: flex;
    gap: 0.5rem;
    align-items: baseline;
  }
  :where(.task-form-group) {
    border: 1px solid color-mix(in srgb, currentColor 25%, transparent);
    border-radius: 0.4rem;
  }
  :where(.task-form-hint) {
    opacity: 0.8;
  }
  :where(form + task-form, process-button + task-form) {
    margin-block-start: 1rem;
  }
  :where(.task-form-draft, .task-form-others) {
    margin: 0;
  }
  :where(.task-form-others:empty) {
    position: absolute;
  }
  :where(.task-form-error) {
    margin: 0;
    color: var(--flow-error-color, light-dark(#a3161b, #ffb4ab));
  }
  :where(.task-form-error:empty) {
    display: none;
  }
  :where(form.task-form button) {
    font: inherit;
    padding: 0.45em 1.1em;
    cursor: pointer;
  }
  :where(.task-form-actions > button) {
    border: var(--flow-button-border, 1px solid transparent);
    border-radius: var(--flow-button-radius, 0.4em);
    background: var(--flow-button-background, light-dark(#1d5fbf, #8ab4f8));
    color: var(--flow-button-color, light-dark(#fff, #10131a));
  }
  :where(.task-form-actions) {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  :where(.task-form-actions > button:not(:first-child), .task-form-skip, .task-form-draft > button) {
    border: 1px solid color-mix(in srgb, currentColor 35%, transparent);
    border-radius: var(--flow-button-radius, 0.4em);
    background: transparent;
    color: inherit;
  }
  :where(form.task-form button[aria-disabled='true']) {
    opacity: 0.6;
    cursor: progress;
  }
`;
