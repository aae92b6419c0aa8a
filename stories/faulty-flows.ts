// Flows as authors have them while they write: with faults that the compiler finds.
import type { FlowDefinition } from '../src/runtime/index.js';

const decide: FlowDefinition['activities'][number] = { id: 'Stock', name: 'In stock?', type: 'route', split: 'xor' };

/** The exclusive split sends one of two; the join waits for both. */
export const deadlock: FlowDefinition = {
  flow: 'faulty-shipping',
  title: 'Ship an order',
  kind: 'microflow',
  input: { inStock: { type: 'boolean' } },
  activities: [
    { id: 'Take', name: 'Take the order', type: 'script' },
    decide,
    { id: 'Pack', name: 'Pack it', type: 'script' },
    { id: 'Buy', name: 'Buy it', type: 'script' },
    { id: 'Ship', name: 'Ship it', type: 'script', join: 'and' },
    { id: 'Bill', name: 'Send the bill', type: 'script' },
  ],
  connectors: [
    { id: 'c1', from: 'Take', to: 'Stock' },
    { id: 'c2', from: 'Stock', to: 'Pack', condition: 'inStock' },
    { id: 'c3', from: 'Stock', to: 'Buy', default: true },
    { id: 'c4', from: 'Pack', to: 'Ship' },
    { id: 'c5', from: 'Buy', to: 'Ship' },
    { id: 'c6', from: 'Ship', to: 'Bill' },
  ],
};

/** Two that run at the same time write one variable, and a split may lead nowhere. */
export const warnings: FlowDefinition = {
  flow: 'faulty-offer',
  title: 'Make an offer',
  kind: 'microflow',
  variables: { price: { initial: 0 } },
  activities: [
    { id: 'Ask', name: 'Read the request', type: 'script', split: 'and' },
    { id: 'List', name: 'Price by the list', type: 'script', output: { price: '100' } },
    { id: 'Past', name: 'Price by experience', type: 'script', output: { price: '90' } },
    { id: 'Size', name: 'How large?', type: 'route', split: 'xor' },
    { id: 'Send', name: 'Send it', type: 'script' },
    { id: 'Talk', name: 'Talk to them', type: 'script' },
  ],
  connectors: [
    { id: 'c1', from: 'Ask', to: 'List' },
    { id: 'c2', from: 'Ask', to: 'Past' },
    { id: 'c3', from: 'List', to: 'Size' },
    { id: 'c4', from: 'Past', to: 'Size' },
    { id: 'c5', from: 'Size', to: 'Send', condition: 'price < 100' },
    { id: 'c6', from: 'Size', to: 'Talk', condition: 'prize >= 100' },
  ],
};

/** Names that are misspelt, an activity that nothing leads to, an expression that does not parse. */
export const unfinished: FlowDefinition = {
  flow: 'faulty-leave',
  title: 'Ask for leave',
  kind: 'process',
  input: { days: { type: 'number' } },
  roles: { manager: {} },
  activities: [
    { id: 'Ask', name: 'Ask', type: 'script' },
    { id: 'Allow', name: 'Allow it', type: 'user', role: 'manger' },
    { id: 'Note', name: 'Note it', type: 'script' },
  ],
  connectors: [
    { id: 'c1', from: 'Ask', to: 'Allow', condition: 'days > > 5' },
    { id: 'c2', from: 'Allow', to: 'Noted' },
  ],
};
