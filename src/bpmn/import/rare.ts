// Parts of an import that few files need. Loaded for those whose text has a word of theirs.
export { adHoc } from './ad-hoc.js';
export { throwPerInstance } from './instance-events.js';
export { useTools } from './rare-tools.js';
