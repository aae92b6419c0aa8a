import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Alarm } from '../../src/hosts/browser/alarm.js';
import type { Clock } from '../../src/hosts/clock.js';

/** Time stands still; what is due rings when the test says so, as on a page that is busy. */
class BusyClock implements Clock {
  readonly waiting = new Map<() => void, number>();

  now(): number {
    return 1000;
  }

  at(time: number, callback: () => void): () => void {
    this.waiting.set(callback, time);
    return () => this.waiting.delete(callback);
  }

  ringDue(): void {
    for (const [callback, time] of [...this.waiting]) {
      if (time > this.now()) continue;
      this.waiting.delete(callback);
      callback();
    }
  }
}

describe('the alarm of a page', () => {
  it('rings for the earliest time it was set to, also when that is due already and a later one comes', () => {
    const clock = new BusyClock();
    let rings = 0;
    const alarm = new Alarm(clock, () => rings++);
    alarm.begin();
    rings = 0;
    alarm.set(900);
    alarm.set(5000);
    clock.ringDue();
    assert.equal(rings, 1);
    alarm.set(8000);
    alarm.set(2000);
    assert.deepEqual([...clock.waiting.values()], [2000]);
    alarm.stop();
    assert.equal(clock.waiting.size, 0);
  });
});
