// The flows that the inspector is looked at with: 5 to 200 activities, and larger ones to measure.
import type { ActivityDefinition, ConnectorDefinition, FlowDefinition } from '../../src/index.js';

type Activities = Record<string, Omit<ActivityDefinition, 'id'>>;

function flow(
  name: string,
  title: string,
  graph: string,
  activities: Activities = {},
  more: object = {},
): FlowDefinition {
  const ids = new Set(Object.keys(activities));
  const connectors: ConnectorDefinition[] = graph.split(';').flatMap((line) => {
    const [, path, condition] = /^([^[]*)(?:\[(.*)\])?$/.exec(line.trim())!;
    const names = path!.split('->').map((n) => n.trim());
    for (const n of names) ids.add(n.split('.')[0]!);
    const kind = condition === undefined ? {} : condition === 'else' ? { default: true } : { condition };
    return names.slice(1).map((to, i) => ({ id: `${names[i]}-${to}`, from: names[i]!, to, ...kind }));
  });
  const all = [...ids].map((id) => ({ id, type: 'service', implementation: { ref: 'do' }, ...activities[id] }));
  return { flow: name, title, kind: 'process', connectors, activities: all, ...more } as FlowDefinition;
}

const service = (name: string, ref: string, more: object = {}): Omit<ActivityDefinition, 'id'> =>
  ({ type: 'service', name, implementation: { ref }, ...more }) as Omit<ActivityDefinition, 'id'>;
const person = (name: string, role: string, more: object = {}): Omit<ActivityDefinition, 'id'> =>
  ({ type: 'user', name, role, ...more }) as Omit<ActivityDefinition, 'id'>;

/** Blocks in a row: a step, a parallel block of three, a choice, a step that repeats. `count` activities, about. */
export function blocks(name: string, count: number, repeats = false): FlowDefinition {
  const parts: string[] = [];
  const activities: Activities = {};
  let last = 'Begin';
  for (let i = 1; Object.keys(activities).length + 1 < count; i++) {
    const [split, join, end] = [`Split${i}`, `Join${i}`, `End${i}`];
    parts.push(`${last} -> ${split}`);
    for (const branch of ['a', 'b', 'c']) {
      parts.push(`${split} -> Do${i}${branch} -> ${join}`);
      activities[`Do${i}${branch}`] = service(`Do ${i}${branch}`, 'do');
    }
    parts.push(
      `${join} -> Easy${i} [n < ${i * 3}]`,
      `${join} -> Hard${i} [else]`,
      `Easy${i} -> ${end}`,
      `Hard${i} -> ${end}`,
    );
    activities[split] = { type: 'route', split: 'and' };
    activities[join] = { type: 'route', join: 'and', split: 'xor' };
    activities[`Easy${i}`] = service(`Easy ${i}`, 'do');
    activities[`Hard${i}`] = service(`Hard ${i}`, 'do');
    activities[end] = { type: 'script', join: 'xor', output: { n: 'n + 1' } };
    last = end;
  }
  if (repeats) {
    // Back to the first block, for ever.
    parts.push(`${last} -> Split1 [n >= 0]`);
    activities['Split1'] = { type: 'route', split: 'and', join: 'xor' };
    activities[last] = { ...activities[last]!, split: 'xor' };
    parts.push(`${last} -> Stop [else]`);
  }
  return flow(name, `Blocks, ${count} activities`, parts.join(';'), activities, { variables: { n: { initial: 0 } } });
}

export interface Example {
  readonly definition: FlowDefinition;
  readonly input?: Record<string, unknown>;
  /** Tasks that are done, in order. */
  readonly done?: readonly (readonly [activity: string, output: object])[];
}

const chain = Array.from({ length: 100 }, (_, i) => `Stage${i + 1}`).join(' -> ');

export const EXAMPLES: readonly Example[] = [
  {
    definition: flow(
      'greeting',
      'A sequence of five',
      'Ask -> Look up -> Choose -> Write -> Send'.replaceAll('Look up', 'LookUp'),
    ),
  },
  {
    definition: flow(
      'order',
      'Order with a price limit',
      'Price -> Approve [sum > 100]; Price -> Pay [else]; Approve -> Pay; Pay -> Ship; Pay.declined -> Call',
      {
        Price: service('Look up the price', 'price', { output: { sum: '$output.sum' }, split: 'xor' }),
        Approve: person('Approve it', 'boss'),
        Pay: service('Charge the card', 'broken', {
          join: 'xor',
          boundary: [{ id: 'declined', event: 'error', code: 'Declined' }],
        }),
        Call: person('Call the customer', 'clerk'),
      },
      { variables: { sum: { initial: 0 } }, roles: { boss: {}, clerk: {} } },
    ),
    done: [['Approve', {}]],
  },
  {
    definition: flow(
      'claim',
      'Damage claim',
      'Report -> Estimate; Report -> Police [sum > 500]; Estimate -> Decide; Police -> Decide; Decide.late -> Remind; Decide -> Pay [approved]; Decide -> Refuse [else]',
      {
        Report: person('Report the damage', 'customer'),
        Estimate: service('Estimate it', 'do', { loop: { kind: 'forEach', items: '[1, 2, 3]' } }),
        Police: { type: 'receive', name: 'Hear from the police', message: { name: 'police' } },
        Decide: person('Decide', 'clerk', {
          join: 'or',
          boundary: [{ id: 'late', event: 'timer', after: 'P2D', interrupting: false }],
        }),
        Remind: { type: 'script', name: 'Remind' },
      },
      { variables: { sum: { initial: 400 }, approved: { initial: false } }, roles: { customer: {}, clerk: {} } },
    ),
    done: [['Report', {}]],
  },
  {
    definition: flow(
      'hiring',
      'Hiring, with a subflow for interviews',
      'Advertise -> Screen -> First -> Second -> Offer -> Contract; Screen -> Refuse [no]',
      {
        Screen: person('Screen applications', 'recruiter', { split: 'or' }),
        First: person('First interview', 'manager'),
        Second: person('Second interview', 'team'),
        Offer: service('Make an offer', 'do'),
        Contract: person('Sign', 'manager'),
        Refuse: service('Send a refusal', 'do'),
      },
      {
        variables: { no: { initial: false } },
        roles: { recruiter: {}, manager: {}, team: {} },
        subflows: { Interviews: { name: 'Interviews', activities: ['First', 'Second'] } },
      },
    ),
    done: [
      ['Screen', {}],
      ['First', {}],
    ],
  },
  {
    definition: flow('retrying', 'A call that is tried again', 'Fetch -> Store -> Notify', {
      Fetch: service('Fetch from the bank', 'flaky', { retry: { maxAttempts: 5, backoff: 'PT0.1S' } }),
    }),
  },
  {
    definition: flow(
      'trip',
      'A trip that is undone',
      'Flight -> Hotel -> Car -> Done',
      {
        Flight: service('Book the flight', 'do', { compensation: 'NoFlight' }),
        Hotel: service('Book the hotel', 'do', { compensation: 'NoHotel' }),
        Car: service('Rent a car', 'broken'),
        NoFlight: service('Cancel the flight', 'do'),
        NoHotel: service('Cancel the hotel', 'do'),
      },
      { spheres: [{ id: 'booking', kind: 'compensation', activities: ['Flight', 'Hotel', 'Car'], on: ['error'] }] },
    ),
  },
  {
    definition: flow(
      'review',
      'Review until it is good',
      'Brief -> Write -> Read; Read -> Write [again]; Read -> Publish [else]',
      {
        Write: service('Write', 'do', { join: 'xor' }),
        Read: person('Read it', 'editor', { split: 'xor', output: { again: '$output.again' } }),
      },
      { variables: { again: { initial: false } }, roles: { editor: {} } },
    ),
    done: [
      ['Read', { again: true }],
      ['Read', { again: true }],
      ['Read', { again: false }],
    ],
  },
  {
    definition: flow(
      'stuck',
      'Waiting at a join',
      'Begin -> Check; Begin -> Confirm; Begin -> Credit; Check -> Both; Confirm -> Both; Credit -> Both; Both -> Deliver',
      {
        Begin: { type: 'route', split: 'and' },
        Confirm: { type: 'receive', name: 'Confirmation', message: { name: 'confirmed', key: '"4711"' } },
        Credit: person('Check the credit', 'bank'),
        Both: { type: 'route', join: 'and' },
      },
      { roles: { bank: {} } },
    ),
  },
  { definition: blocks('thirty', 30) },
  { definition: blocks('sixty', 60) },
  { definition: flow('chain', 'A chain of a hundred', chain) },
  { definition: blocks('two-hundred', 200) },
];
