// Finds a Chromium or Chrome, or installs one. Used by the tests and by the scripts that start them.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { delimiter, join } from 'node:path';
import { canInstallPackages, installPackages } from './apt.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];

/** Path of an installed browser, or undefined. `CHROME_PATH` wins. */
export function findBrowser() {
  const { CHROME_PATH } = process.env;
  if (CHROME_PATH) {
    if (existsSync(CHROME_PATH)) return CHROME_PATH;
    throw new Error(`CHROME_PATH is "${CHROME_PATH}", where there is no browser. Correct it or unset it.`);
  }
  const suffix = platform() === 'win32' ? '.exe' : '';
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((dir) => NAMES.map((name) => join(dir, name + suffix)));
  return [...onPath, ...usualPlaces(), ...playwrightCache()].find((path) => existsSync(path));
}

/** Path of a browser, installing one if there is none. Throws with what to do when that is not possible. */
export function findOrInstallBrowser() {
  const found = findBrowser();
  if (found) return found;
  if (canInstallPackages()) {
    console.log('No browser found; installing Chromium with apt-get …');
    installPackages('chromium');
  }
  if (!findBrowser()) {
    console.log('No browser found; asking Playwright for Chromium …');
    const cli = join(import.meta.dirname, '../../node_modules/playwright-core/cli.js');
    spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: 'inherit' });
  }
  const installed = findBrowser();
  if (installed) return installed;
  throw new Error('No browser could be found or installed. Install Chromium or Chrome, or set CHROME_PATH to one.');
}

function usualPlaces() {
  if (platform() === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (app) => `/Applications/${app}.app/Contents/MacOS/${app}`,
    );
  }
  if (platform() !== 'win32') return [];
  return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => process.env[name])
    .filter(Boolean)
    .flatMap((root) => [
      join(root, 'Google/Chrome/Application/chrome.exe'),
      join(root, 'Microsoft/Edge/Application/msedge.exe'),
    ]);
}

function playwrightCache() {
  const root =
    {
      darwin: join(homedir(), 'Library/Caches/ms-playwright'),
      win32: join(process.env.LOCALAPPDATA ?? '', 'ms-playwright'),
    }[platform()] ?? join(homedir(), '.cache/ms-playwright');
  if (!existsSync(root)) return [];
  const inside = [
    'chrome-linux/chrome',
    'chrome-linux64/chrome',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    'chrome-win/chrome.exe',
  ];
  return readdirSync(root)
    .filter((dir) => dir.startsWith('chromium-'))
    .flatMap((dir) => inside.map((path) => join(root, dir, path)));
}
