// The flows of the stories: real definitions on real page functions with a delay that a story can set.
import { runtime } from '../components/index.js';
import type { FlowDefinition, JsonObject } from '../src/runtime/index.js';

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

/** How long the functions take, and undoing them, and whether they fail. */
export const behaviour = { delay: 400, fails: false, undoing: 60_000 };

runtime.implement({
  price: async (args: JsonObject, { signal }) => {
    await wait(behaviour.delay, signal);
    if (behaviour.fails) throw Object.assign(new Error('The price list is closed.'), { code: 'Closed' });
    return { amount: 40 * Number(args['quantity'] ?? 1) };
  },
  carrier: () => {
    throw Object.assign(new Error('The carrier does not go there.'), { code: 'NoCarrier', retryable: false });
  },
  undo: (_, { signal }) => wait(behaviour.undoing, signal),
  score: async (_, { signal }) => {
    await wait(behaviour.delay / 2, signal);
    return { score: 700 };
  },
});

const quote: FlowDefinition = {
  flow: 'quote',
  kind: 'microflow',
  title: 'Quote',
  input: { quantity: { type: 'number' } },
  variables: { amount: {}, score: {}, discount: { initial: 0 } },
  activities: [
    { id: 'Begin', type: 'route', split: 'and' },
    {
      id: 'Price',
      name: 'Look up the price',
      type: 'service',
      implementation: { ref: 'price', arguments: { quantity: 'quantity' } },
      output: { amount: '$output.amount' },
    },
    {
      id: 'Score',
      name: 'Ask for the credit score',
      type: 'service',
      implementation: { ref: 'score' },
      output: { score: '$output.score' },
    },
    { id: 'Compare', type: 'route', join: 'and' },
    { id: 'Discount', type: 'script', output: { discount: 'amount * 0.1' } },
    { id: 'Total', type: 'script', join: 'or', output: { amount: 'amount - discount' } },
  ],
  connectors: [
    { id: 'c1', from: 'Begin', to: 'Price' },
    { id: 'c2', from: 'Begin', to: 'Score' },
    { id: 'c3', from: 'Price', to: 'Compare' },
    { id: 'c4', from: 'Score', to: 'Compare' },
    { id: 'c5', from: 'Compare', to: 'Discount', condition: 'score > 650 and amount > 100' },
    { id: 'c6', from: 'Compare', to: 'Total', default: true },
    { id: 'c7', from: 'Discount', to: 'Total' },
  ],
  output: { total: 'amount' },
};

const faulty: FlowDefinition = {
  ...quote,
  flow: 'faulty',
  connectors: [...quote.connectors!, { id: 'c8', from: 'Totl', to: 'Price' }],
};

const leave: FlowDefinition = {
  flow: 'leave',
  kind: 'process',
  title: 'Leave request',
  input: { days: { type: 'number' } },
  roles: { manager: {} },
  activities: [
    {
      id: 'Approve',
      name: 'Approve the leave',
      type: 'user',
      role: 'manager',
      form: {
        type: 'object',
        required: ['decision'],
        properties: {
          decision: { title: 'Decision', enum: ['approve', 'refuse'] },
          remark: { type: 'string', title: 'Remark' },
        },
      },
      input: { days: 'days' },
      output: { decision: '$output.decision' },
      due: 'P2D',
    },
    { id: 'Note', type: 'script', output: { noted: 'true' } },
  ],
  connectors: [{ id: 'c1', from: 'Approve', to: 'Note' }],
};

const damage: FlowDefinition = {
  flow: 'damage',
  kind: 'process',
  title: 'Damage claim',
  input: { sum: { type: 'number' } },
  output: { paid: 'sum' },
  roles: { claimant: {}, clerk: {} },
  activities: [
    {
      id: 'Describe',
      name: 'Describe the damage',
      type: 'user',
      role: 'claimant',
      form: { type: 'object', required: ['what'], properties: { what: { type: 'string', title: 'What happened?' } } },
      output: { what: '$output.what' },
      due: 'P1D',
    },
    { id: 'Check', name: 'Check the claim', type: 'user', role: 'clerk', due: 'P3D' },
    { id: 'Expert', name: 'Ask an expert', type: 'user', role: 'clerk' },
    { id: 'Pay', name: 'Pay', type: 'script', join: 'or', output: { paid: 'true' } },
  ],
  connectors: [
    { id: 'c1', from: 'Describe', to: 'Check' },
    { id: 'c2', from: 'Check', to: 'Expert', condition: 'sum > 1000' },
    { id: 'c3', from: 'Check', to: 'Pay', default: true },
    { id: 'c4', from: 'Expert', to: 'Pay' },
  ],
};

const grant: FlowDefinition = {
  flow: 'grant',
  kind: 'process',
  title: 'Grant',
  input: { sum: { type: 'number' } },
  output: { decision: 'decision' },
  variables: { decision: {}, board: { initial: ['mona', 'otto', 'pia'] } },
  activities: [
    {
      id: 'Vote',
      name: 'Vote on the grant',
      type: 'user',
      assign: 'board',
      form: { type: 'object', properties: { reason: { type: 'string', title: 'Reason' } } },
      outcomes: { grant: 'Grant', refuse: 'Refuse' },
      votes: { rule: 'majority', fallback: 'refuse' },
      due: 'P1D',
      remind: 'P2D',
      output: { decision: '$output.outcome' },
    },
    { id: 'Thank', name: 'Write a note', type: 'user', assign: "'mona'", skippable: true },
  ],
  connectors: [{ id: 'c1', from: 'Vote', to: 'Thank', condition: "decision = 'grant'" }],
};

const booking: FlowDefinition = {
  flow: 'booking',
  kind: 'microflow',
  title: 'Booking',
  activities: [
    { id: 'Book', name: 'Book the seat', type: 'script', output: { seat: "'12A'" }, compensation: 'Unbook' },
    { id: 'Pay', name: 'Take the payment', type: 'service', implementation: { ref: 'price' } },
    { id: 'Unbook', name: 'Give the seat back', type: 'service', implementation: { ref: 'undo' } },
  ],
  connectors: [{ id: 'c1', from: 'Book', to: 'Pay' }],
  spheres: [{ id: 'all', kind: 'compensation', activities: ['Book', 'Pay'], on: ['cancel'] }],
};

const shipment: FlowDefinition = {
  flow: 'shipment',
  kind: 'process',
  title: 'Shipment',
  activities: [
    { id: 'Pack', name: 'Pack it', type: 'script', output: { packed: 'true' } },
    { id: 'Send', name: 'Hand it to the carrier', type: 'service', implementation: { ref: 'carrier' } },
  ],
  connectors: [{ id: 'c1', from: 'Pack', to: 'Send' }],
};

runtime.configure({ database: 'millrace-stories' });
runtime.define(quote, faulty, leave, damage, grant, booking, shipment);
