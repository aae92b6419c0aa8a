// The API's own log: what really arrived and what was answered. In memory and, if asked for, in a file of JSON lines, so
// that a test can prove after a crash which calls happened.
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';

export function createRequestLog(file) {
  const entries =
    file && existsSync(file)
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line))
      : [];
  return {
    add(entry) {
      const stamped = { n: entries.length + 1, at: Date.now(), ...entry };
      entries.push(stamped);
      if (file) appendFileSync(file, `${JSON.stringify(stamped)}\n`);
    },
    all: () => entries,
    clear() {
      entries.length = 0;
      if (file) rmSync(file, { force: true });
    },
  };
}
