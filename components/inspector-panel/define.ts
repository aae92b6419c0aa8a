import { defineOnce } from '../define-once.js';
import { InspectorPanel } from './inspector-panel.js';

declare global {
  interface HTMLElementTagNameMap {
    'inspector-panel': InspectorPanel;
  }
}

defineOnce('inspector-panel', InspectorPanel);
export { InspectorPanel };
