import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LiveInstance } from '../../src/hosts/browser/checkpoint.js';
import { LiveInstances } from '../../src/hosts/browser/live-instances.js';
import { WriteBehind } from '../../src/hosts/browser/write-behind.js';

const live = (id: string, rows: number, since: number): LiveInstance =>
  ({ record: { id, rows, busy: 1 }, tail: since === Infinity ? [] : [{}], since }) as unknown as LiveInstance;

describe('what a tab that executes has in memory', () => {
  it('needs the whole log until it is known what the last executor has left', () => {
    const instances = new LiveInstances();
    assert.equal(instances.neededFrom(), 0);
    instances.adopt([live('a', 3, 17)], []);
    assert.equal(instances.neededFrom(), 17);
    instances.keep(live('a', 4, Infinity));
    assert.equal(instances.neededFrom(), Infinity);
    instances.clear();
    assert.equal(instances.neededFrom(), 0);
  });

  it('is not replaced by what was read before its last step', () => {
    const instances = new LiveInstances();
    instances.keep(live('a', 5, 20));
    instances.adopt([live('a', 4, 18), live('b', 1, 19)], []);
    assert.equal(instances.get('a')?.record.rows, 5);
    assert.equal(instances.get('b')?.record.rows, 1);
  });
});

describe('writing behind the log', () => {
  it('is over when the tab stops executing, also for what was under way and when it soon begins again', async () => {
    const writes: (() => void)[] = [];
    let written = 0;
    const behind = new WriteBehind({
      toWrite: () => ['a'],
      write: () => new Promise<void>((resolve) => writes.push(resolve)),
      written: async () => void written++,
    });
    behind.begin();
    const first = behind.write();
    behind.stop();
    behind.begin();
    const second = behind.write();
    assert.equal(writes.length, 2, 'what there is to write now is looked for anew');
    writes[0]!();
    await first;
    assert.equal(written, 0);
    writes[1]!();
    await second;
    assert.equal(written, 1);
    behind.stop();
  });
});
