// What the consumer pages run: a microflow that looks a price up, and a process with one task.
import { runtime } from 'millrace/components';

runtime.define(
  {
    flow: 'price',
    kind: 'microflow',
    input: { article: { type: 'string' }, pieces: { type: 'integer' } },
    output: { amount: 'amount' },
    activities: [
      {
        id: 'Look',
        name: 'Look the price up',
        type: 'service',
        implementation: { ref: 'priceOf', arguments: { article: 'article', pieces: 'pieces' } },
        output: { amount: '$output' },
      },
    ],
  },
  {
    flow: 'order',
    kind: 'process',
    title: 'Order',
    roles: { sales: {} },
    activities: [{ id: 'Check', name: 'Check the order', type: 'user', role: 'sales' }],
  },
);
const prices: Readonly<Record<string, number>> = { desk: 599, lamp: 49 };
runtime.implement({ priceOf: ({ article, pieces }) => prices[article as string]! * Number(pieces ?? 1) });
runtime.user = { id: 'ada', roles: ['sales'] };
