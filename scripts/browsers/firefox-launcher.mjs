// Web Test Runner in an installed Firefox, one page at a time: only the page in front has the focus.
import { chromeLauncher } from '@web/test-runner-chrome';
import puppeteer from 'puppeteer-core';

export function firefoxLauncher(executablePath) {
  return chromeLauncher({
    puppeteer,
    concurrency: 1,
    launchOptions: {
      browser: 'firefox',
      executablePath,
      extraPrefsFirefox: {
        // Answers navigator.storage.persist() without asking a person.
        'dom.storageManager.prompt.testing': true,
        'dom.storageManager.prompt.testing.allow': true,
      },
    },
  });
}
