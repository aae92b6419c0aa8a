// `npm run test:faults`: a browser that is killed again and again, and everything checked after each time.
// `--cycles N`, `--seed S`; `--write` adds the figures to docs/reliability.md.
import { findOrInstallBrowser } from '../setup/browser.mjs';
import { run } from './spawn.mjs';

export async function main(args) {
  const { code } = await run(
    process.execPath,
    ['--import', './scripts/setup/typescript.mjs', 'test/faults/main.ts', ...args],
    {
      env: { CHROME_PATH: findOrInstallBrowser() },
    },
  );
  return code;
}
