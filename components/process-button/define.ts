import { defineOnce } from '../define-once.js';
import { ProcessButton } from './process-button.js';

declare global {
  interface HTMLElementTagNameMap {
    'process-button': ProcessButton;
  }
}

defineOnce('process-button', ProcessButton);
export { ProcessButton };
