// Bugs to plant, one at a time, into a copy of the source: each breaks a promise that the simulation watches. `npm run
// test:planted` shows that it notices. A search text that is no longer there is an error: the table follows the code.

const calls = 'src/hosts/browser/calls.ts';
const scheduler = 'src/hosts/browser/scheduler.ts';
const live = 'src/hosts/browser/live-instances.ts';
const runner = 'src/hosts/browser/instance-runner.ts';
const record = 'src/hosts/browser/instance-record.ts';
const commits = 'src/hosts/browser/group-commit.ts';
const unit = 'src/hosts/browser/commit-unit.ts';
const host = 'src/hosts/browser/browser-host.ts';
const connection = 'src/hosts/browser/connection.ts';
const signals = 'src/hosts/browser/signals.ts';
const inbox = 'src/hosts/browser/inbox.ts';
const wakeUp = 'src/hosts/browser/wake-up.ts';
const compensation = 'src/engine/compensation.ts';
const advance = 'src/engine/advance.ts';

/** `edits`: [file, what is there, what is put there]. `quick`: also part of `npm test`. `test`: who is to notice, if not the simulation. */
export const bugs = [
  {
    bug: 'a start is acknowledged before it is committed',
    quick: true,
    edits: [
      [runner, 'const seq = await this.store(unit, epoch);', 'const seq = 1;\n    void this.store(unit, epoch);'],
    ],
  },
  {
    bug: "a commit counts when its requests have succeeded, not on the transaction's complete",
    edits: [[connection, '      await done;\n', '']],
  },
  {
    bug: 'an effect begins before its step is committed',
    edits: [
      [
        runner,
        'const seq = await this.store(unit, epoch);',
        'for (const effect of result.effects) this.#carryOut(flow, record, effect, epoch, new Set());\n    const seq = await this.store(unit, epoch);',
      ],
    ],
  },
  {
    bug: 'what was in flight is not taken up after a crash',
    quick: true,
    edits: [[host, 'this.#runner.resume(busy ?? [...(await this.#records.busy())])', 'this.#runner.resume([])']],
  },
  {
    bug: 'the outbox row is lost: nobody can see that an invocation is in flight',
    edits: [[record, "if (phase === 'effect') busy = 1;", '']],
  },
  {
    bug: 'no epoch check: an executor that was replaced goes on writing',
    edits: [[commits, 'if (there?.epoch !== epoch || epoch !== this.#epoch) throw fenced();', '']],
  },
  {
    bug: 'no compare-and-append: a commit of another executor is written over',
    edits: [[commits, '.add({ seq, epoch, batch, ...added })', '.put({ seq, epoch, batch, ...added })']],
  },
  {
    bug: 'taking over does not raise the epoch',
    edits: [
      [
        'src/hosts/browser/take-over.ts',
        'const epoch = (before?.value ?? now) + 1;',
        'const epoch = (before?.value ?? now) + 0;',
      ],
    ],
  },
  {
    bug: 'the log is shortened before it is known what the last executor has left',
    test: 'test/node/write-behind.test.ts',
    edits: [
      ['src/hosts/browser/live-instances.ts', 'this.#isAdopted ? Infinity : 0', 'Infinity'],
      [
        'src/hosts/browser/write-behind.ts',
        'if (ids.length > failed.size && turn === this.#turn) await',
        'if (ids.length > failed.size) await',
      ],
    ],
  },
  {
    bug: 'a page whose lock was taken never asks for it again',
    edits: [
      [
        'src/hosts/browser/executor-lock.ts',
        '      // Whoever took it may go before this tab does.\n      this.#step(true);',
        '',
      ],
    ],
  },
  {
    bug: 'work that met failing storage is not looked at again',
    edits: [[host, 'troubled: () => this.#lookAgain(),', 'troubled: () => {},']],
  },
  {
    bug: 'the log is shortened although instances in it are not written yet',
    quick: true,
    edits: [[live, 'for (const id of this.#unwritten) from = Math.min(from, this.#loaded.get(id)!.since);', '']],
  },
  {
    bug: 'an executor that takes over does not look for what stands in the log only',
    edits: [['src/hosts/browser/records.ts', 'record.busy === 1 || tail.length > 0', 'record.busy === 1']],
  },
  {
    bug: 'an instance whose step was perhaps stored is still taken from memory',
    edits: [[runner, '    this.#live.drop(id, this.#options.commits.seq);\n', '']],
  },
  {
    bug: 'a timer that fell due while no page was open is forgotten',
    edits: [
      [
        'src/hosts/browser/records.ts',
        "index('wakeAt').getAll(IDBKeyRange.upperBound(now))",
        "index('wakeAt').getAll(IDBKeyRange.bound(now - 120_000, now))",
      ],
    ],
  },
  {
    bug: 'a timer waits by the relative delay, counted from when a page sees it',
    edits: [[wakeUp, 'if (at <= now)', 'if (at + 300_000 <= now)']],
  },
  {
    bug: 'a timer may fire half a minute early',
    edits: [
      [wakeUp, 'if (clock.now() >= at)', 'if (clock.now() + 30_000 >= at)'],
      [wakeUp, 'this.#records.due(now)', 'this.#records.due(now + 30_000)'],
      [wakeUp, 'if (at <= now)', 'if (at <= now + 30_000)'],
    ],
  },
  {
    bug: 'wakeAt is not persisted',
    edits: [[record, '...(wakeAt === Infinity ? {} : { wakeAt }),', '']],
  },
  {
    bug: 'a timer that is due is put off by a later one',
    test: 'test/node/alarm.test.ts',
    edits: [
      [
        'src/hosts/browser/alarm.ts',
        'this.#armed.at <= at)) return;',
        'this.#armed.at <= at && this.#armed.at > this.#clock.now())) return;',
      ],
    ],
  },
  {
    bug: 'a boundary timer stays armed after it has fired',
    edits: [[advance, 'const { [event.id]: _, ...timers } = run.timers!;', 'const timers = run.timers!;']],
  },
  {
    bug: 'a time-out is never armed',
    edits: [['src/engine/activity-life.ts', 'if (at !== undefined) run.timers = { ...run.timers, timeout: at };', '']],
  },
  {
    bug: 'the pause before a retry is forgotten',
    edits: [['src/engine/failure.ts', 'timers: { ...timers, backoff: at } });', 'timers });']],
  },
  {
    bug: 'the idempotency key changes with every attempt',
    quick: true,
    edits: [
      [
        'src/hosts/invocations.ts',
        'this.idempotencyKey = run.undoes?.act ? `${instance}/${run.undoes.token}` : key;',
        'this.idempotencyKey = `${run.undoes?.act ? `${instance}/${run.undoes.token}` : key}-${run.attempt}`;',
      ],
    ],
  },
  {
    bug: 'no barrier: what may be called once is called again after a crash',
    edits: [[calls, 'await this.#options.hasBegun(record.id, token, run.attempt)', 'await Promise.resolve(false)']],
  },
  {
    bug: 'the barrier row of what may be called once is not stored with the step before the call',
    edits: [[runner, '      ...(ledgers.length > 0 ? { ledgers } : {}),\n', '']],
  },
  {
    bug: 'a signal that nobody waits for is dropped',
    edits: [[signals, '    if (!signal.broadcast) return;\n', '']],
  },
  {
    bug: 'a signal is acknowledged before it is stored',
    edits: [
      [
        signals,
        '      await this.#connection.write(\n        (tx)',
        '      void this.#connection.write(\n        (tx)',
      ],
    ],
  },
  {
    bug: 'a signal that is sent twice takes effect twice',
    quick: true,
    edits: [[signals, '.add({ id, at })', '.put({ id, at })']],
  },
  {
    bug: 'a signal is consumed apart from the step that it causes',
    edits: [[signals, 'signal.broadcast ? {} : { signal: seq }', '{}']],
  },
  {
    bug: 'a signal reaches an instance with another key',
    edits: [['src/hosts/signal-box.ts', 'subscription.key === undefined || subscription.key === signal.key', 'true']],
  },
  {
    bug: 'a request of another tab is acknowledged when it has been asked',
    edits: [[inbox, '    return answer.finally(', '    return Promise.resolve(undefined).finally(']],
  },
  {
    bug: 'requests of other tabs are not worked off',
    edits: [[host, '        await this.#inbox.workOff();\n', '']],
  },
  {
    bug: 'a tab that missed the answer to its request waits for ever',
    edits: [[inbox, 'channel.settle(id, refused ??', "if (id === '') channel.settle(id, refused ??"]],
  },
  {
    bug: 'compensation in order of completion instead of reverse',
    quick: true,
    edits: [
      [
        compensation,
        'for (let entry = stack.pop(); entry; entry = stack.pop()) {',
        'for (let entry = stack.shift(); entry; entry = stack.shift()) {',
      ],
    ],
  },
  {
    bug: 'compensation leaves out what completed first',
    edits: [[compensation, 'const stack = current.stack.slice();', 'const stack = current.stack.slice(1);']],
  },
  {
    bug: 'a cancel in the middle of a compensation ends it',
    edits: [[compensation, 'for (const handler of handlers) step.state.runs[handler.token] = handler;', '']],
  },
  {
    bug: 'participants of an atomic sphere are not told to roll back',
    edits: [
      [
        'src/engine/atomic-end.ts',
        "{ scope: '', stack, act: 'rollback', then: 'raise', raise }",
        "{ scope: '', stack: [], act: 'rollback', then: 'raise', raise }",
      ],
    ],
  },
  {
    bug: 'only the first participant of an atomic sphere commits',
    edits: [
      [
        'src/engine/atomic-end.ts',
        'const stack = takeParticipants(step, subflow).reverse();',
        'const stack = takeParticipants(step, subflow).slice(0, 1);',
      ],
    ],
  },
  {
    bug: 'a parallel join starts with the first arrival',
    quick: true,
    edits: [
      ['src/engine/joins.ts', "if (join.join === 'and') return undefined;", "if (join.join === 'and') return filled;"],
    ],
  },
  {
    bug: 'a join does not consume what arrived and starts again',
    edits: [
      [
        'src/engine/token-game.ts',
        'const left = step.state.arrivals[key]! - 1;',
        "const left = step.state.arrivals[key]! - (join.join === 'or' && step.state.nextToken % 2 ? 0 : 1);",
      ],
    ],
  },
  {
    bug: 'an exclusive split takes every true way',
    edits: [
      ['src/engine/chosen.ts', '  return only ? [only] : [];', '  return only ? inclusive(outgoing, live) : [];'],
    ],
  },
  {
    bug: 'a loop does one round too many',
    edits: [
      [
        'src/engine/loops.ts',
        'if (!again) endLoop(step, next, activity);',
        'if (!again && done > 1) endLoop(step, next, activity);',
      ],
    ],
  },
  {
    bug: 'an interrupting boundary event leaves the activity running',
    edits: [
      [
        'src/engine/boundaries.ts',
        'if (event.interrupting) terminateRun(step, run);',
        'if (event.interrupting) void 0;',
      ],
    ],
  },
  {
    bug: 'the stored state is one event behind its journal',
    edits: [
      [
        runner,
        'recordAfter(flow, before, result.state, result.records, journal)',
        "recordAfter(flow, before, 'state' in before ? (before as InstanceRecord).state : result.state, result.records, journal)",
      ],
    ],
  },
  {
    bug: 'the journal leaves out the last event of a step',
    edits: [
      [
        record,
        'records: JSON.stringify(records),\n    previous',
        'records: JSON.stringify(records.length > 1 ? records.slice(0, -1) : records),\n    previous',
      ],
    ],
  },
  {
    bug: 'journal rows are not chained',
    edits: [[record, '    previous: before.lastHash,\n    hash:', "    previous: '',\n    hash:"]],
  },
  {
    bug: 'a step reads the clock by itself, so that a replay gives something else',
    edits: [
      [
        'src/engine/activity-life.ts',
        'const at = timeout === undefined ? undefined : step.now +',
        'const at = timeout === undefined ? undefined : Date.now() +',
      ],
    ],
  },
  {
    bug: 'a call that is repeated starts another instance',
    edits: [
      [
        'src/hosts/host-implementations.ts',
        'const id = `${instance}.${token}`;',
        'const id = `${instance}.${token}.${crypto.randomUUID()}`;',
      ],
    ],
  },
  {
    bug: 'a page that closes cancels the flows that its instances have called',
    edits: [
      [
        'src/hosts/host-implementations.ts',
        "if ((context.signal.reason as FlowError).code !== 'FLOW-CLOSED')",
        'if (!context.signal.reason.place.flow)',
      ],
    ],
  },
  {
    bug: 'a watcher hears of an older state after a newer one',
    edits: [['src/hosts/browser/tab-watchers.ts', 'if ((newest.get(view.id) ?? -1) >= view.v) continue;', '']],
  },
  {
    bug: 'a task can be completed twice',
    edits: [
      [
        'src/hosts/task-command.ts',
        '  if (!task)\n    throw',
        "  if (!task && command.type === 'complete') return { type: 'complete', token };\n  if (!task)\n    throw",
      ],
    ],
  },
  {
    bug: 'storage errors reach the page as they are',
    edits: [[connection, 'throw storageError(error);', 'throw error;']],
  },
  {
    bug: 'lists hear of only one of the instances that are written together',
    edits: [
      [
        unit,
        'units.flatMap(({ instance }) => instance ?? []),',
        'units.flatMap(({ instance }) => instance ?? []).slice(0, 1),',
      ],
    ],
  },
  {
    bug: 'a tab that can make a call at last does not look whether another has made it',
    edits: [
      [calls, 'if (!(await isOpen(offered(record, run)))) return;', ''],
      [calls, 'if (!(await isOpen(call))) return false;', ''],
    ],
  },
  {
    bug: 'a schedule moves on before its start is asked for',
    edits: [
      [
        scheduler,
        'await commit(unit, epoch);\n    if (starts',
        'const { asked: later = [], ...first } = unit;\n    await commit(first, epoch);\n    await commit({ asked: later }, epoch);\n    if (starts',
      ],
    ],
  },
  {
    bug: 'schedules are due an hour early',
    edits: [
      [scheduler, 'records.dueSchedules(clock.now())', 'records.dueSchedules(clock.now() + 3_600_000)'],
      [scheduler, 'const at = clock.now();', 'const at = clock.now() + 3_600_000;'],
    ],
  },
];
