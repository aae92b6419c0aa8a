// What tabs ask of the executing one. A request is in the store before anybody hears of it, and leaves it in the transaction
// of the step that it causes, so it survives both tabs.
import type { CompiledFlow } from '../../compiler/index.js';
import type { FlowDefinition, FlowError, Json } from '../../model/index.js';
import type { Clock } from '../clock.js';
import type { HostCommand } from '../host.js';
import { taskAddress, taskMessage } from '../task-command.js';
import { timely } from '../timely.js';
import { plainError, type Channel, type PlainError } from './channel.js';
import type { Connection } from './connection.js';
import type { Consumed } from './instance-runner-options.js';
import type { InstanceRunner } from './instance-runner.js';
import type { Records } from './records.js';
import type { InboxRow, ManagementOrder } from './schema.js';

export interface InboxOptions {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly isExecuting: () => boolean;
  readonly connection: Connection;
  readonly records: Records;
  readonly runner: InstanceRunner;
  readonly channel: Channel;
  readonly pinned: (hash: string, atHand?: FlowDefinition) => Promise<CompiledFlow>;
  /** Carries out an order of those who manage instances. */
  readonly manage: (order: ManagementOrder, consumed: Consumed) => Promise<Json>;
  /** There is work: this tab does it, or tells the one that executes. */
  readonly wake: () => void;
}

type Numbered = 'seq' | 'id' | 'at';
/** What is asked for, without what the inbox adds. */
export type Request = InboxRow extends infer Row ? (Row extends InboxRow ? Omit<Row, Numbered> : never) : never;

export type InstanceCommand = Exclude<HostCommand, { type: 'signal' }>;

/** How often a tab that waits for an answer looks for it in the store, ms. */
const LOOK = 5000;
/** Done, but what came of it nobody knows any more. */
const LOST: PlainError = {
  code: 'FLOW-ANSWER-LOST',
  message: 'The tab that did this ended before it could say what came of it. Look at the instances, or do it again.',
};

export class Inbox {
  readonly #options: InboxOptions;
  /** Requests of this tab without an answer so far, by number of row. */
  readonly #asked = new Map<number, InboxRow>();

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /**
   * `here`, if this tab executes; else the executor is asked. So it is when this tab turns out to have been replaced: then it has
   * written nothing. Who asks learns the result of orders only.
   */
  async have<T>(here: () => Promise<T>, request: Request): Promise<T | undefined> {
    if (this.#options.isExecuting()) {
      try {
        return await here();
      } catch (error) {
        if ((error as FlowError).code !== 'FLOW-FENCED' || this.#options.channel.isClosed) throw error;
      }
    }
    return (await this.#ask(request)) as T | undefined;
  }

  /** Stores a request and waits until the executor, whoever that is by then, has dealt with it. */
  async #ask(request: Request): Promise<Json | undefined> {
    const { channel, connection, wake, newId, clock } = this.#options;
    const row = { ...request, id: newId(), at: clock.now() } as InboxRow;
    const answer = channel.expect(row.id);
    const asked = await connection.sealed('inbox', row);
    const { result: seq } = await connection.write((tx) => tx.objectStore('inbox').add(asked), ['inbox']);
    this.#asked.set(seq, row);
    wake();
    // The message that it is done may never come, and neither may the one that there is work.
    const looking = setInterval(() => {
      this.askAgain();
      wake();
    }, LOOK);
    return answer.finally(() => {
      clearInterval(looking);
      this.#asked.delete(seq);
    });
  }

  /** There is a new executor: the one before may have died with an answer on its lips. What it had done is in the store. */
  askAgain(): void {
    // What cannot be read now is asked for with the executor after that.
    this.#settleDone().catch(() => {});
  }

  async #settleDone(): Promise<void> {
    const { channel, records } = this.#options;
    for (const [seq, { id, type }] of this.#asked) {
      if (await records.isAsked(seq)) continue;
      const { refused } = (await records.seen(id)) ?? {};
      channel.settle(id, refused ?? (type === 'manage' ? LOST : undefined));
    }
  }

  /** In the executing tab: does everything that has been asked for, in order. */
  async workOff(): Promise<void> {
    for (const row of await this.#options.records.inbox()) await this.#workOn(row);
  }

  /** Carries out a command in this tab. */
  async command(command: InstanceCommand, consumed: Consumed = {}): Promise<void> {
    const { runner } = this.#options;
    if ('instance' in command) {
      const { instance, ...message } = command;
      await runner.post(instance, (_, state) => timely(state, message), consumed);
      return;
    }
    await runner.post(taskAddress(command.task).instance, (flow, state) => taskMessage(flow, state, command), consumed);
  }

  async #workOn(row: InboxRow): Promise<void> {
    const { runner, pinned, connection, channel } = this.#options;
    const consumed: Consumed = { inbox: row.seq! };
    let refused: PlainError | undefined;
    let result: Json | undefined;
    try {
      if (row.type === 'start')
        await runner.start(await pinned(row.hash, row.definition), row.instance, row.input, row.options, consumed);
      else if (row.type === 'message')
        await runner.post(row.instance, (_, state) => timely(state, row.message), consumed);
      else if (row.type === 'manage') result = await this.#options.manage(row.order, consumed);
      else await this.command(row.command, consumed);
    } catch (thrown) {
      if ((thrown as FlowError).retryable) throw thrown;
      // Refused for good. The refusal is kept, because this tab may end before it is told.
      const why = plainError(thrown);
      refused = why;
      await connection.write(
        (tx) => {
          tx.objectStore('inbox').delete(row.seq!);
          tx.objectStore('seen').put({ id: row.id, at: row.at, refused: why });
        },
        ['inbox', 'seen'],
      );
    }
    channel.done(row.id, {
      ...(refused === undefined ? {} : { error: refused }),
      ...(result === undefined ? {} : { result }),
    });
  }
}
