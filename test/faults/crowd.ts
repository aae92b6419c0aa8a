// Runs in tabs that do one thing very often: set thousands of alarms, or write to a few instances all at once. The clock of the
// page is set wrong as in `tab.ts`.
import { createBrowserHost } from '../../src/hosts/browser/index.js';
import { ALARM, BOARD, BOARDS, boardOf } from './crowd-flows.js';
import { randomFrom } from './protocol.js';

let offset = Number(new URLSearchParams(location.search).get('offset') ?? 0);
const rightNow = Date.now.bind(Date);
Date.now = () => rightNow() + offset;

/** Instances that are started at a time. */
const GROUP = 200;
/** Operations of a tab that are under way at a time. */
const LANES = 4;

const host = await createBrowserHost({ name: 'crowd' });
await host.deploy(ALARM);
await host.deploy(BOARD);

let wasPutAway = false;
addEventListener('pageshow', ({ persisted }) => {
  wasPutAway ||= persisted;
  isResting = false;
});
let working = 0;
let underWay = 0;
let isResting = false;

globalThis.crowd = {
  isExecutor: () => host.isExecutor,
  wasPutAway: () => wasPutAway,
  jump(to) {
    offset = to;
    // As if somebody came back to the tab: it looks at the clock.
    dispatchEvent(new Event('focus'));
  },
  steal: () => navigator.locks.request('millrace:crowd', { steal: true }, async () => {}),
  async setAlarms(alarms) {
    for (let i = 0; i < alarms.length; i += GROUP) {
      const group = alarms.slice(i, i + GROUP);
      await Promise.all(group.map(({ id, at }) => host.start('alarm', { at: new Date(at).toISOString() }, { id })));
    }
  },
  async dueAlarms() {
    const db = await opened();
    const count = db.transaction('instances').objectStore('instances').index('wakeAt');
    const due = await answer(count.count(IDBKeyRange.upperBound(Date.now())));
    db.close();
    return due;
  },
  async openBoards() {
    for (const id of BOARDS) await host.start('board', { board: id }, { id });
  },
  work({ tab, from, to, life, pause, seed }) {
    const random = randomFrom(seed);
    let next = from;
    const lane = async (): Promise<void> => {
      for (let n = next++; n < to; n = next++) {
        await when(() => !isResting);
        underWay++;
        await operate(tab, n, life, random);
        underWay--;
        if (pause > 0) await new Promise((resolve) => setTimeout(resolve, random() * pause));
      }
    };
    working += LANES;
    for (let i = 0; i < LANES; i++) void lane().then(() => working--);
  },
  async rest() {
    isResting = true;
    await when(() => underWay === 0);
  },
  isWorking: () => working > 0,
  async isQuiet() {
    const db = await opened();
    const tx = db.transaction(['inbox', 'signals']);
    const left = await Promise.all(['inbox', 'signals'].map((name) => answer(tx.objectStore(name).count())));
    db.close();
    return left.every((n) => n === 0);
  },
};

async function when(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Number `n` of a tab: until it is promised. Messages come twice now and then, before their time, or from two tabs. */
async function operate(tab: number, n: number, life: number, random: () => number): Promise<void> {
  for (;;) {
    try {
      const id = `note-${tab}-${n}`;
      const ids: string[] = [];
      if (random() < 0.3) await edit(`${tab}-${n}-${life}`);
      else {
        ids.push(id);
        if (random() < 0.3)
          ids.push(`note-${Math.floor(random() * 8)}-${Math.max(0, n - 5 + Math.floor(random() * 10))}`);
        if (random() < 0.2) ids.push(id);
        await Promise.all(ids.map(note));
        acknowledged({ kind: 'signal', id });
      }
      operated(tab, n, ids.length);
      return;
    } catch (error) {
      // What was refused is asked for again, as another one.
      life += 0.001;
      refused((error as { code?: string }).code ?? String(error));
    }
  }
}

async function note(id: string): Promise<void> {
  await host.send({ type: 'signal', signal: { name: 'note', key: boardOf(id), id, data: id } });
}

async function edit(mark: string): Promise<void> {
  await host.send({ type: 'edit', instance: boardOf(mark), variables: { mark } });
  edited(mark);
}

function opened(): Promise<IDBDatabase> {
  return answer(indexedDB.open('crowd'));
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
