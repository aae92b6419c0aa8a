// Pairs of constructs: every kind of scope with every kind of event, error, escalation and compensation in and around it. What is
// to happen is derived from the standard for each kind, not from what any engine does.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { flow, path, process, script } from './bpmn-text.js';
import { runBpmn } from './run-bpmn.js';

const ROOTS = `<message id="order" name="order"/><message id="done" name="done"/><signal id="go" name="go"/>
  <error id="err" errorCode="E1"/><error id="other" errorCode="E2"/><escalation id="esc" escalationCode="L1"/>`;
const DEFINITIONS = {
  message: '<messageEventDefinition messageRef="order"/>',
  signal: '<signalEventDefinition signalRef="go"/>',
  timer: '<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>',
  cycle: '<timerEventDefinition><timeCycle>R1/PT1H</timeCycle></timerEventDefinition>',
} as const;
type Trigger = keyof typeof DEFINITIONS;
/** What makes the trigger happen: a message, a signal (`!`), or an hour that passes. */
const HAPPENS: Readonly<Record<Trigger, string>> = { message: 'order', signal: 'go!', timer: '', cycle: '' };
const ERROR = '<errorEventDefinition errorRef="err"/>';
const ESCALATION = '<escalationEventDefinition escalationRef="esc"/>';
const COMPENSATE = '<compensateEventDefinition/>';

const end = (id: string, definition = ''): string => `<endEvent id="${id}">${definition}</endEvent>`;
const raise = (id: string, definition: string): string =>
  `<intermediateThrowEvent id="${id}">${definition}</intermediateThrowEvent>`;
/** start → parts → end, with ids that begin with `p`. */
const chain = (p: string, ...parts: readonly string[]): string => {
  const ids = parts.map((part) => /id="([\w-]+)"/.exec(part)![1]!);
  return `<startEvent id="${p}s"/>${parts.join('')}${end(`${p}e`)}${path(`${p}s`, ...ids, `${p}e`)}`;
};
const receive = '<receiveTask id="r" messageRef="done"/>';
const parallel2 =
  '<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>';
const inTurn2 = parallel2.replace('Characteristics>', 'Characteristics isSequential="true">');
const loop2 =
  '<standardLoopCharacteristics loopMaximum="2"><loopCondition>true</loopCondition></standardLoopCharacteristics>';

interface Scope {
  /** The activity `h` with this inside. */
  readonly around: (inside: string) => string;
  readonly roots?: (inside: string) => string;
  /** How often what is inside happens. */
  readonly times: number;
}
const sub =
  (loop = '', kind = 'subProcess'): Scope['around'] =>
  (inside) =>
    `<${kind} id="h">${loop}${inside}</${kind}>`;
const SCOPES: Readonly<Record<string, Scope>> = {
  'sub-process': { around: sub(), times: 1 },
  transaction: { around: sub('', 'transaction'), times: 1 },
  'sub-process in a sub-process': {
    around: (inside) => `<subProcess id="h">${chain('o', `<subProcess id="n">${inside}</subProcess>`)}</subProcess>`,
    times: 1,
  },
  'looping sub-process': { around: sub(loop2), times: 2 },
  'multi-instance sub-process, one after the other': { around: sub(inTurn2), times: 2 },
  'multi-instance sub-process, in parallel': { around: sub(parallel2), times: 2 },
  'called process': {
    around: () => '<callActivity id="h" calledElement="q"/>',
    roots: (inside) => `<process id="q" isExecutable="true">${inside}</process>`,
    times: 1,
  },
};
const several = (id: string, times: number): string[] => Array.from({ length: times }, () => id);

/** h → b, and x behind whatever `more` has. */
function file(scope: Scope, inside: string, more: string): string {
  const main = `<startEvent id="s"/>${scope.around(inside)}${script('b')}${end('e')}${path('s', 'h', 'b', 'e')}${more}`;
  return process(main, ROOTS + (scope.roots?.(inside) ?? ''));
}
const onBoundary = (definition: string, interrupting: boolean): string =>
  `<boundaryEvent id="v" attachedToRef="h" cancelActivity="${interrupting}">${definition}</boundaryEvent>${script('x')}${end('xe')}${path('v', 'x', 'xe')}`;
const eventSub = (definition: string, interrupting: boolean): string =>
  `<subProcess id="es" triggeredByEvent="true"><startEvent id="ess" isInterrupting="${interrupting}">${definition}</startEvent>${script('x')}${end('xe')}${path('ess', 'x', 'xe')}</subProcess>`;

async function traceOf(xml: string, sends: readonly string[] = [], status = 'completed'): Promise<readonly string[]> {
  const left = [...sends];
  const { view, trace } = await runBpmn(xml, {
    idle: async (host) => {
      const name = left.shift();
      if (!name) return false;
      const isSignal = name.endsWith('!');
      await host.send({
        type: 'signal',
        signal: { name: name.replace('!', ''), ...(isSignal ? { broadcast: true } : {}) },
      });
      return true;
    },
  });
  assert.equal(view.status, status, view.failure?.message ?? JSON.stringify(view.waits));
  return trace.map((t) => t.replace('SCRIPT_', ''));
}

describe('a boundary event', () => {
  const hosts: typeof SCOPES = { ...SCOPES, 'receive task': { around: () => receive.replace('"r"', '"h"'), times: 1 } };
  for (const [name, scope] of Object.entries(hosts)) {
    for (const [trigger, definition] of Object.entries(DEFINITIONS)) {
      const happens = HAPPENS[trigger as Trigger];
      it(`(${trigger}) that interrupts takes the place of a ${name}`, async () => {
        const xml = file(scope, chain('i', receive), onBoundary(definition, true));
        assert.deepEqual(await traceOf(xml, [happens]), ['x']);
      });
      it(`(${trigger}) that does not interrupt runs beside a ${name}`, async () => {
        const xml = file(scope, chain('i', receive), onBoundary(definition, false));
        assert.deepEqual(await traceOf(xml, [happens, ...several('done', scope.times)]), ['b', 'x']);
      });
    }
  }
});

describe('an event sub-process', () => {
  for (const [name, scope] of Object.entries(SCOPES).filter(([, s]) => s.times === 1)) {
    for (const [trigger, definition] of Object.entries(DEFINITIONS)) {
      const inside = (interrupting: boolean): string =>
        chain('i', receive, script('w')) + eventSub(definition, interrupting);
      it(`(${trigger}) that interrupts ends what runs in a ${name}, which then completes`, async () => {
        assert.deepEqual(await traceOf(file(scope, inside(true), ''), [HAPPENS[trigger as Trigger]]), ['b', 'x']);
      });
      it(`(${trigger}) that does not interrupt runs beside what runs in a ${name}`, async () => {
        const trace = await traceOf(file(scope, inside(false), ''), [HAPPENS[trigger as Trigger], 'done']);
        assert.deepEqual(trace, ['b', 'w', 'x']);
      });
    }
  }
});

describe('an error end event', () => {
  const inside = `<startEvent id="is"/>${script('a')}${end('ie', ERROR)}${path('is', 'a', 'ie')}`;
  for (const [name, scope] of Object.entries(SCOPES)) {
    // In parallel both instances have begun before the first ends.
    const begun = name.endsWith('in parallel') ? ['a', 'a'] : ['a'];
    it(`in a ${name} is caught on its boundary`, async () => {
      assert.deepEqual(await traceOf(file(scope, inside, onBoundary(ERROR, true))), [...begun, 'x']);
    });
    it(`in a ${name} is caught on its boundary by an event without a code`, async () => {
      const xml = file(scope, inside, onBoundary('<errorEventDefinition/>', true));
      assert.deepEqual(await traceOf(xml), [...begun, 'x']);
    });
    it(`in a ${name} is caught by an event sub-process beside it`, async () => {
      assert.deepEqual(await traceOf(file(scope, inside, eventSub(ERROR, true))), [...begun, 'x']);
    });
    it(`in a ${name} is not caught by an event for another error`, async () => {
      const xml = file(scope, inside, onBoundary('<errorEventDefinition errorRef="other"/>', true));
      assert.deepEqual(await traceOf(xml, [], 'failed'), begun);
    });
  }
});

describe('an escalation', () => {
  const inside = chain('i', raise('t', ESCALATION), receive, script('w'));
  for (const [name, scope] of Object.entries(SCOPES)) {
    it(`out of a ${name} ends it where the boundary event interrupts`, async () => {
      assert.deepEqual(await traceOf(file(scope, inside, onBoundary(ESCALATION, true))), ['x']);
    });
    it(`out of a ${name} is heard as often as it is thrown where it does not interrupt`, async () => {
      const trace = await traceOf(file(scope, inside, onBoundary(ESCALATION, false)), several('done', scope.times));
      assert.deepEqual(trace, ['b', ...several('w', scope.times), ...several('x', scope.times)]);
    });
    it(`that nobody hears changes nothing in a ${name}`, async () => {
      const trace = await traceOf(file(scope, inside, ''), several('done', scope.times));
      assert.deepEqual(trace, ['b', ...several('w', scope.times)]);
    });
  }
});

describe('a terminate end event', () => {
  const inside = `<startEvent id="is"/><parallelGateway id="g"/>${receive}${end('ie')}${end('it', '<terminateEventDefinition/>')}${path('is', 'g', 'r', 'ie')}${flow('g', 'it')}`;
  for (const [name, scope] of Object.entries(SCOPES)) {
    it(`ends nothing but its own scope: ${name}`, async () => {
      assert.deepEqual(await traceOf(file(scope, inside, '')), ['b']);
    });
  }
});

describe('compensation', () => {
  const undoable = `${script('a')}<boundaryEvent id="c" attachedToRef="a">${COMPENSATE}</boundaryEvent>${script('u', '', 'isForCompensation="true"')}<association id="as" sourceRef="c" targetRef="u"/>`;
  const throwing = (scope: Scope, inside: string, definition: string, last = false): string => {
    const thrown = last ? end('e', definition) : `${raise('t', definition)}${end('e')}`;
    const flows = last ? path('s', 'h', 'e') : path('s', 'h', 't', 'e');
    return process(
      `<startEvent id="s"/>${scope.around(inside)}${thrown}${flows}`,
      ROOTS + (scope.roots?.(inside) ?? ''),
    );
  };
  const scopes = Object.entries(SCOPES).filter(([name]) => name !== 'called process');
  for (const [name, scope] of scopes) {
    const all = [...several('a', scope.times), ...several('u', scope.times)];
    it(`undoes what has completed in a ${name}, once for every time`, async () => {
      assert.deepEqual(await traceOf(throwing(scope, chain('i', undoable), COMPENSATE)), all);
    });
    it(`of a ${name} can be thrown by an end event, and by name`, async () => {
      const named = '<compensateEventDefinition activityRef="h"/>';
      assert.deepEqual(await traceOf(throwing(scope, chain('i', undoable), COMPENSATE, true)), all);
      assert.deepEqual(await traceOf(throwing(scope, chain('i', undoable), named)), all);
    });
    it(`of a ${name} that failed undoes nothing of it`, async () => {
      const failing = `<startEvent id="is"/>${undoable}${end('ie', ERROR)}${path('is', 'a', 'ie')}`;
      const more = `<boundaryEvent id="v" attachedToRef="h">${ERROR}</boundaryEvent>${raise('t', COMPENSATE)}${script('x')}${end('xe')}${path('v', 't', 'x', 'xe')}`;
      const trace = await traceOf(file(scope, failing, more));
      assert.equal(trace.includes('x'), true);
      // The first round or instance of several had not completed either.
      assert.equal(trace.includes('u'), false);
    });
  }
});

describe('a transaction', () => {
  const undoable = `${script('a')}<boundaryEvent id="c" attachedToRef="a">${COMPENSATE}</boundaryEvent>${script('u', '', 'isForCompensation="true"')}<association id="as" sourceRef="c" targetRef="u"/>`;
  const cancelling = (inner: string): string =>
    `<startEvent id="is"/><parallelGateway id="g"/>${inner}${receive}${end('ie')}${end('ic', '<cancelEventDefinition/>')}${path('is', 'g', 'a')}`;
  it('that is cancelled ends what runs, undoes what has completed, and leaves by its cancel event', async () => {
    const inside = `${cancelling(undoable)}${path('a', 'ic')}${path('g', 'r', 'ie')}`;
    const xml = file(SCOPES['transaction']!, inside, onBoundary('<cancelEventDefinition/>', true));
    assert.deepEqual(await traceOf(xml), ['a', 'u', 'x']);
  });
  it('is cancelled from a sub-process inside it', async () => {
    const inner = `<subProcess id="k"><startEvent id="ks"/>${end('kc', '<cancelEventDefinition/>')}${path('ks', 'kc')}</subProcess>`;
    const xml = file(SCOPES['transaction']!, chain('i', undoable, inner), onBoundary('<cancelEventDefinition/>', true));
    assert.deepEqual(await traceOf(xml), ['a', 'u', 'x']);
  });
  it('that fails is not undone: its hazard leaves by the error event', async () => {
    const inside = `<startEvent id="is"/>${undoable}${end('ie', ERROR)}${path('is', 'a', 'ie')}`;
    const xml = file(SCOPES['transaction']!, inside, onBoundary(ERROR, true));
    assert.deepEqual(await traceOf(xml), ['a', 'x']);
  });
});

describe('an inclusive join', () => {
  const join = (more: string): string =>
    process(
      `<startEvent id="s"/><parallelGateway id="g"/><inclusiveGateway id="j"/>${script('z')}${end('e')}${flow('s', 'g')}${path('j', 'z', 'e')}${more}`,
      ROOTS,
    );
  it('waits for the way that a boundary event has taken', async () => {
    const xml = join(
      `${receive}<boundaryEvent id="v" attachedToRef="r">${DEFINITIONS.timer}</boundaryEvent>${script('x')}${script('a')}${path('g', 'a', 'j')}${path('g', 'r', 'j')}${path('v', 'x', 'j')}`,
    );
    assert.deepEqual(await traceOf(xml, ['']), ['a', 'x', 'z']);
  });
  it('does not wait for an event-based gateway’s other ways', async () => {
    const xml = join(
      `<eventBasedGateway id="eb"/><intermediateCatchEvent id="m">${DEFINITIONS.message}</intermediateCatchEvent><intermediateCatchEvent id="n">${DEFINITIONS.signal}</intermediateCatchEvent>${script('a')}${path('g', 'a', 'j')}${path('g', 'eb', 'm', 'j')}${path('eb', 'n', 'j')}`,
    );
    assert.deepEqual(await traceOf(xml, ['go!']), ['a', 'z']);
  });
  it('waits for a link', async () => {
    const link = '<linkEventDefinition name="l"/>';
    const xml = join(
      `${receive}${script('a')}${raise('lt', link)}<intermediateCatchEvent id="lc">${link}</intermediateCatchEvent>${path('g', 'a', 'j')}${path('g', 'r', 'lt')}${flow('lc', 'j')}`,
    );
    assert.deepEqual(await traceOf(xml, ['done']), ['a', 'z']);
  });
  it('does not wait for what ends elsewhere', async () => {
    const xml = join(
      `${receive}${script('a')}${end('e2')}${script('d')}${path('g', 'a', 'j')}${path('g', 'd', 'j')}${path('g', 'r', 'e2')}`,
    );
    assert.deepEqual(await traceOf(xml, ['done']), ['a', 'd', 'z']);
  });
});
