// Web Test Runner in an installed Chromium or Chrome.
import { chromeLauncher } from '@web/test-runner-chrome';

/** Flags for every Chromium that the tests start: nothing of it may look at the network by itself. */
export const CHROMIUM_FLAGS = [
  ...(process.platform === 'linux' ? ['--no-sandbox'] : []),
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function chromiumLauncher(executablePath) {
  return chromeLauncher({
    concurrency: 2,
    launchOptions: { executablePath, args: CHROMIUM_FLAGS },
    // Pages run side by side; each must believe that it has the focus, or keys and focus go nowhere.
    createPage: async ({ context }) => {
      const page = await context.newPage();
      await page.emulateFocusedPage(true);
      return page;
    },
  });
}
