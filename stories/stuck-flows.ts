// Processes that stand still, each for another reason: what the inspector has to say of them at once.
import { runtime } from '../components/index.js';
import type { FlowDefinition } from '../src/runtime/index.js';

type Activities = FlowDefinition['activities'];
type ConnectorDefinition = NonNullable<FlowDefinition['connectors']>[number];

const chain = (...ids: readonly string[]): ConnectorDefinition[] =>
  ids.slice(1).map((to, i) => ({ id: `${ids[i]}-${to}`, from: ids[i]!, to }));

function process(
  flow: string,
  title: string,
  activities: Activities,
  connectors: readonly ConnectorDefinition[],
  more: Partial<FlowDefinition> = {},
): FlowDefinition {
  return { flow, title, kind: 'process', activities, connectors, ...more };
}

export const stuck = {
  role: process(
    'stuck-role',
    'Purchase',
    [
      { id: 'Ask', name: 'Write the request', type: 'script' },
      { id: 'Check', name: 'Check the budget', type: 'script' },
      { id: 'Sign', name: 'Sign above 10,000', type: 'user', role: 'deputy-director' },
      { id: 'Buy', name: 'Place the order', type: 'script' },
    ],
    chain('Ask', 'Check', 'Sign', 'Buy'),
    { roles: { 'deputy-director': {} } },
  ),
  message: process(
    'stuck-message',
    'Wait for a payment',
    [
      { id: 'Invoice', name: 'Write the invoice', type: 'script' },
      { id: 'Paid', name: 'Wait for the payment', type: 'receive', message: { name: 'paid', key: 'invoice' } },
      { id: 'Thank', name: 'Say thank you', type: 'script' },
    ],
    chain('Invoice', 'Paid', 'Thank'),
    { input: { invoice: { type: 'string' } } },
  ),
  timer: process(
    'stuck-timer',
    'Remind of an invoice',
    [
      { id: 'Send', name: 'Send the invoice', type: 'script' },
      { id: 'Term', name: 'Term of payment', type: 'wait', after: 'P21D' },
      { id: 'Remind', name: 'Send the reminder', type: 'script' },
    ],
    chain('Send', 'Term', 'Remind'),
  ),
  incident: process(
    'stuck-incident',
    'Ship an order',
    [
      { id: 'Pack', name: 'Pack it', type: 'script' },
      {
        id: 'Label',
        name: 'Print the label',
        type: 'service',
        implementation: { ref: 'carrier' },
        retry: { maxAttempts: 3, backoff: 'PT0.05S' },
      },
      { id: 'Ship', name: 'Hand it over', type: 'script' },
    ],
    chain('Pack', 'Label', 'Ship'),
  ),
  join: process(
    'stuck-join',
    'Open an account',
    [
      { id: 'Begin', type: 'route', split: 'and' },
      { id: 'Score', name: 'Ask for the score', type: 'script' },
      { id: 'Rate', name: 'Rate the customer', type: 'script' },
      { id: 'Papers', name: 'Wait for the papers', type: 'receive', message: { name: 'papers', key: 'customer' } },
      { id: 'File', name: 'File the papers', type: 'script' },
      { id: 'Both', name: 'Score and papers', type: 'route', join: 'and' },
      { id: 'Open', name: 'Open the account', type: 'script' },
    ],
    [...chain('Begin', 'Score', 'Rate', 'Both', 'Open'), ...chain('Begin', 'Papers', 'File', 'Both')],
    { input: { customer: { type: 'string' } } },
  ),
  implementation: process(
    'stuck-implementation',
    'Rate a customer',
    [
      { id: 'Read', name: 'Read the file', type: 'script' },
      { id: 'Rate', name: 'Ask the agency', type: 'service', implementation: { ref: 'ratingAgency' } },
      { id: 'Note', name: 'Note the rating', type: 'script' },
    ],
    chain('Read', 'Rate', 'Note'),
  ),
} as const satisfies Record<string, FlowDefinition>;

runtime.define(...Object.values(stuck));
// Nobody has a function named ratingAgency.
runtime.implement('carrier', () => {
  throw Object.assign(new Error('the carrier answers 503'), { code: 'Unavailable', retryable: true });
});
