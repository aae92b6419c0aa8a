// Small random flows for the simulation, built from blocks: each kind of waiting, calling, splitting, joining, looping and
// undoing that a process can do. What a flow is made of is known, so that a checker can tell what must have happened.
import type {
  ActivityDefinition,
  BoundaryEventDefinition,
  ConnectorDefinition,
  FlowDefinition,
  SphereDefinition,
  SubflowDefinition,
} from '../../src/index.js';
import { Random } from './random.js';

/** What a flow is made of, for the checker. */
export type Block =
  | { readonly kind: 'one'; readonly id: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Block[] }
  | {
      readonly kind: 'split';
      readonly type: 'and' | 'or' | 'xor';
      readonly ends: Ends;
      readonly parts: readonly Block[];
    }
  /** One of two ways leads on: the activity's own, or that of the event at its border. */
  | { readonly kind: 'either'; readonly id: string; readonly other: string; readonly join: string }
  /** Either all of them, or none; done again as a whole when it was rolled back and somebody retries it. */
  | { readonly kind: 'repeatable'; readonly ids: readonly string[] }
  | { readonly kind: 'loop'; readonly id: string; readonly rounds: number; readonly body: Block }
  /** For each of some items, one after the other or beside each other. */
  | { readonly kind: 'each'; readonly id: string; readonly items: number; readonly body: Block };

interface Ends {
  readonly from: string;
  readonly to: string;
}

export interface SimulatedFlow {
  readonly definition: FlowDefinition;
  readonly body: Block;
  /** The activity that the sphere, if there is one, is undone for when `c < 4`. */
  readonly refusing?: string;
}

export const CALLED = 'called';

/** Flow number `n`; the same number is always the same flow. */
export function flowNumber(n: number): SimulatedFlow {
  return new FlowMaker(new Random(n + 1)).make(`flow-${n}`);
}

/** The flow that others call. */
export const calledFlow: FlowDefinition = {
  flow: CALLED,
  kind: 'process',
  variables: { a: {}, corr: {}, r: {} },
  output: { r: 'r' },
  activities: [
    {
      id: 'Inner',
      type: 'service',
      implementation: { ref: 'api' },
      output: { r: '$output' },
      retry: { maxAttempts: 5 },
    },
    { id: 'Pause', type: 'wait', after: 'PT2M' },
    { id: 'Last', type: 'service', implementation: { ref: 'api' } },
  ],
  connectors: [
    { id: 'c1', from: 'Inner', to: 'Pause' },
    { id: 'c2', from: 'Pause', to: 'Last', condition: 'a < 5' },
  ],
};

class FlowMaker {
  readonly #random: Random;
  readonly #activities: ActivityDefinition[] = [];
  readonly #connectors: ConnectorDefinition[] = [];
  readonly #subflows: Record<string, SubflowDefinition> = {};
  readonly #spheres: SphereDefinition[] = [];
  readonly #variables: Record<string, { initial?: number }> = { a: {}, b: {}, c: {}, corr: {} };
  #refusing: string | undefined;
  #count = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  make(name: string): SimulatedFlow {
    const parts = Array.from({ length: this.#random.between(1, 3) }, () => this.#block(2));
    if (this.#random.chance(0.35)) parts.splice(this.#random.below(parts.length + 1), 0, this.#sphere());
    const body = this.#sequence(parts);
    return {
      definition: {
        flow: name,
        kind: 'process',
        variables: this.#variables,
        roles: { clerk: {} },
        activities: this.#activities,
        connectors: this.#connectors,
        ...(Object.keys(this.#subflows).length > 0 ? { subflows: this.#subflows } : {}),
        ...(this.#spheres.length > 0 ? { spheres: this.#spheres } : {}),
      },
      body: body.block,
      ...(this.#refusing === undefined ? {} : { refusing: this.#refusing }),
    };
  }

  #block(depth: number): Piece {
    const kind =
      depth === 0 ? 'one' : this.#random.pick(['one', 'one', 'one', 'and', 'or', 'xor', 'loop', 'each', 'either']);
    if (kind === 'one') return this.#one();
    if (kind === 'loop') return this.#loop(depth);
    if (kind === 'each') return this.#each(depth);
    if (kind === 'either') return this.#either();
    return this.#split(kind as 'and' | 'or' | 'xor', depth);
  }

  #one(): Piece {
    const { id, ...more } = this.#activity();
    this.#activities.push({ id, ...more } as ActivityDefinition);
    return { block: { kind: 'one', id }, from: id, to: id };
  }

  #activity(): ActivityDefinition {
    const variable = `r${this.#count}`;
    const api = { ref: 'api' };
    const output = { [variable]: '$output' };
    const of = (prefix: string, more: Omit<ActivityDefinition, 'id'>): ActivityDefinition => {
      this.#variables[variable] = {};
      return { id: this.#id(prefix), ...more };
    };
    switch (this.#random.below(11)) {
      case 0:
      case 1:
        return of('Do', { type: 'service', implementation: api, output });
      case 2:
        return of('Try', { type: 'service', implementation: api, output, retry: { maxAttempts: 6 } });
      case 3:
        return of('Slow', {
          type: 'service',
          implementation: api,
          output,
          timeout: 'PT20S',
          retry: { maxAttempts: 6, backoff: 'PT2S', factor: 3 },
        });
      case 4:
        return of('Once', { type: 'service', implementation: { ...api, onResume: 'once' }, output });
      case 5:
        return of('User', { type: 'user', role: 'clerk', output: { [variable]: '$output.n' } });
      case 6:
        return this.#reminded(of('User', { type: 'user', role: 'clerk', output: { [variable]: '$output.n' } }));
      case 7:
        return of('Wait', { type: 'wait', after: this.#random.pick(['PT0.05S', 'PT40S', 'PT6H', 'P3D', 'P40D']) });
      case 8:
        return of('Get', {
          type: 'receive',
          message: { name: 'news', key: 'corr' },
          output: { [variable]: '$output.n' },
        });
      case 9:
        return of('Send', {
          type: 'send',
          message: { name: this.#random.pick(['news', 'other']), key: 'corr', data: '{"n": a}' },
        });
      default:
        return of('Call', {
          type: 'call',
          calls: CALLED,
          input: { a: 'b', corr: 'corr' },
          output: { [variable]: '$output.r' },
        });
    }
  }

  /** A reminder beside a task, which it does not interrupt. */
  #reminded(task: ActivityDefinition): ActivityDefinition {
    const remind = this.#id('Remind');
    this.#activities.push({ id: remind, type: 'service', implementation: { ref: 'api' }, retry: { maxAttempts: 6 } });
    this.#connect(`${task.id}.due`, remind);
    const due = { id: 'due', event: 'timer', after: this.#random.pick(['PT1M', 'PT6H']), interrupting: false } as const;
    return { ...task, boundary: [due] };
  }

  #sequence(pieces: readonly Piece[]): Piece {
    for (const [i, piece] of pieces.entries()) if (i > 0) this.#connect(pieces[i - 1]!.to, piece.from);
    return {
      block: { kind: 'sequence', parts: pieces.map((p) => p.block) },
      from: pieces[0]!.from,
      to: pieces.at(-1)!.to,
    };
  }

  #split(type: 'and' | 'or' | 'xor', depth: number): Piece {
    const from = this.#route('Split', { split: type });
    const parts = Array.from({ length: this.#random.between(2, 3) }, () => this.#block(depth - 1));
    const to = this.#route('Join', { join: type });
    for (const [i, part] of parts.entries()) {
      const isLast = i === parts.length - 1;
      const condition = `${i === 0 ? 'a' : 'b'} < ${this.#random.between(3, 7)}`;
      this.#connect(from, part.from, type === 'and' ? {} : isLast ? { default: true } : { condition });
      this.#connect(part.to, to);
    }
    return { block: { kind: 'split', type, ends: { from, to }, parts: parts.map((p) => p.block) }, from, to };
  }

  /** An activity with a timer or a message at its border, whose way joins that of the activity. */
  #either(): Piece {
    const isUser = this.#random.chance(0.5);
    const boundary: BoundaryEventDefinition = this.#random.chance(0.6)
      ? { id: 'late', event: 'timer', after: this.#random.pick(['PT10S', 'P2D']) }
      : { id: 'late', event: 'message', message: { name: 'stop', key: 'corr' } };
    const id = this.#id(isUser ? 'User' : 'Long');
    this.#activities.push({
      id,
      boundary: [boundary],
      ...(isUser
        ? { type: 'user', role: 'clerk' }
        : { type: 'service', implementation: { ref: 'api' }, retry: { maxAttempts: 6 } }),
    });
    const other = this.#id('Late');
    this.#activities.push({ id: other, type: 'service', implementation: { ref: 'api' } });
    const join = this.#route('Meet', { join: 'xor' });
    this.#connect(id, join);
    this.#connect(`${id}.late`, other);
    this.#connect(other, join);
    return { block: { kind: 'either', id, other, join }, from: id, to: join };
  }

  #loop(depth: number): Piece {
    const count = `n${this.#count}`;
    this.#variables[count] = { initial: 0 };
    const first = this.#activities.length;
    const add = this.#id('Add');
    this.#activities.push({ id: add, type: 'script', output: { [count]: `${count} + 1` } });
    const inner = this.#block(depth - 1);
    this.#connect(add, inner.from);
    const rounds = this.#random.between(1, 3);
    const id = this.#subflow('Loop', first, { kind: 'until', condition: `${count} >= ${rounds}`, max: 9 });
    const block: Block = { kind: 'sequence', parts: [{ kind: 'one', id: add }, inner.block] };
    return { block: { kind: 'loop', id, rounds, body: block }, from: id, to: id };
  }

  #each(depth: number): Piece {
    const first = this.#activities.length;
    const { block: body } = this.#block(depth - 1);
    const items = this.#random.between(1, 3);
    const concurrency = this.#random.pick([1, 2, 3]);
    const id = this.#subflow('Each', first, { kind: 'forEach', items: String(items), item: 'item', concurrency });
    return { block: { kind: 'each', id, items, body }, from: id, to: id };
  }

  /** All activities since number `first`. */
  #subflow(prefix: string, first: number, loop: NonNullable<SubflowDefinition['loop']>): string {
    const id = this.#id(prefix);
    // Members of inner subflows are not named again.
    const nested = new Set(Object.values(this.#subflows).flatMap((s) => s.activities));
    const inside = this.#activities.slice(first).map((a) => a.id);
    this.#subflows[id] = { activities: inside.filter((a) => !nested.has(a)), loop };
    this.#activities.push({ id, type: 'subflow' });
    return id;
  }

  /** Activities of one outcome, the last of which refuses when `c < 4`. */
  #sphere(): Piece {
    const isAtomic = this.#random.chance(0.4);
    const ids = Array.from({ length: this.#random.between(1, 3) }, () => this.#id(isAtomic ? 'Part' : 'Make'));
    const last = this.#id('Decide');
    this.#refusing = last;
    for (const id of ids) {
      this.#activities.push({
        id,
        type: 'service',
        implementation: { ref: isAtomic ? 'part' : 'api' },
        ...(isAtomic ? {} : { compensation: `un${id}` }),
        ...(this.#random.chance(0.4) ? { retry: { maxAttempts: 6 } } : {}),
      });
      if (isAtomic) continue;
      // A handler must get there in the end.
      const undo = { type: 'service', implementation: { ref: 'api' }, retry: { maxAttempts: 20 } } as const;
      this.#activities.push({ id: `un${id}`, ...undo });
    }
    this.#activities.push({
      id: last,
      type: 'service',
      implementation: { ref: isAtomic ? 'part' : 'api', arguments: { refuse: 'c < 4' } },
    });
    const members = [...ids, last];
    this.#spheres.push({ id: 'sphere', kind: isAtomic ? 'atomic' : 'compensation', activities: members });
    const sequence = this.#sequence(members.map((id) => ({ block: { kind: 'one', id }, from: id, to: id })));
    return isAtomic ? { ...sequence, block: { kind: 'repeatable', ids: members } } : sequence;
  }

  #route(prefix: string, more: Partial<ActivityDefinition>): string {
    const id = this.#id(prefix);
    this.#activities.push({ id, type: 'route', ...more });
    return id;
  }

  #connect(from: string, to: string, more: Partial<ConnectorDefinition> = {}): void {
    this.#connectors.push({ id: `c${this.#connectors.length}`, from, to, ...more });
  }

  #id(prefix: string): string {
    return `${prefix}${this.#count++}`;
  }
}

interface Piece {
  readonly block: Block;
  readonly from: string;
  readonly to: string;
}
