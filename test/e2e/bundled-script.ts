// The script of the pages that end-to-end tests make of the elements: flows, and a function that answers when the test says so.
import { runtime } from '../../components/index.js';

interface Gate {
  asked: number;
  open(): void;
}

const waiting: (() => void)[] = [];
const gate: Gate = {
  asked: 0,
  open: () => waiting.splice(0).forEach((answer) => answer()),
};
const shown: boolean[] = [];
addEventListener('pageshow', ({ persisted }) => shown.push(persisted));
Object.assign(globalThis, { gate, shown, runtime });

runtime.implement('wait', () => {
  gate.asked++;
  return new Promise((resolve) => waiting.push(() => resolve('answered')));
});
runtime.define(
  {
    flow: 'ask',
    kind: 'microflow',
    activities: [{ id: 'Ask', type: 'service', implementation: { ref: 'wait' }, output: { answer: '$output' } }],
    output: { answer: 'answer' },
  },
  {
    flow: 'order',
    title: 'Order',
    kind: 'process',
    roles: { clerk: {} },
    activities: [{ id: 'Check', name: 'Check the order', type: 'user', role: 'clerk' }],
  },
);
runtime.user = { id: 'ada', roles: ['clerk'] };
