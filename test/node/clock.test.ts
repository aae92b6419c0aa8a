import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { systemClock } from '../../src/hosts/clock.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NEW_YEAR = Date.UTC(2030, 0, 1);

describe('the clock of the system', () => {
  let fired = 0;
  /** What the wall clock says besides what has passed. */
  let wrong = 0;
  const now = Date.now;

  beforeEach(() => {
    [fired, wrong] = [0, 0];
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NEW_YEAR });
    const passed = Date.now.bind(Date);
    Date.now = () => passed() + wrong;
  });
  afterEach(() => {
    mock.timers.reset();
    Date.now = now;
  });

  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= MINUTE) mock.timers.tick(Math.min(left, MINUTE));
  };

  it('calls back neither early nor late, however far ahead', () => {
    systemClock.at(NEW_YEAR + 400 * 24 * HOUR, () => fired++);
    wrong = 400 * 24 * HOUR - HOUR;
    pass(HOUR - 1);
    assert.equal(fired, 0);
    pass(1);
    assert.equal(fired, 1);
  });

  it('notices within a minute that the clock was set forward', () => {
    systemClock.at(NEW_YEAR + 5 * HOUR, () => fired++);
    wrong = 6 * HOUR;
    pass(MINUTE);
    assert.equal(fired, 1);
  });

  it('waits when the clock was set back, and notices within a minute that it was put right again', () => {
    systemClock.at(NEW_YEAR + MINUTE, () => fired++);
    wrong = -3 * HOUR;
    pass(2 * MINUTE);
    assert.equal(fired, 0);
    wrong = 0;
    pass(MINUTE);
    assert.equal(fired, 1);
  });
});
