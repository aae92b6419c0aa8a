export { comingBack } from './coming-back.js';
export { managing } from './managing.js';
export { peopleAndMessages } from './people-and-messages.js';
export { starting } from './starting.js';
export { trouble } from './trouble.js';
