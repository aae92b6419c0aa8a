// Firefox and WebKit for `npm run test:all`: found, or installed with apt-get as root, or an error that says what to do.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { canInstallPackages, installPackages } from './apt.mjs';

const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((dir) => join(dir, name))
    .find((path) => existsSync(path));
const libexec = (name) =>
  ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/libexec', '/usr/lib']
    .flatMap((dir) => ['webkit2gtk-4.1', 'webkit2gtk-4.0', 'webkitgtk-6.0'].map((v) => join(dir, v, name)))
    .find((path) => existsSync(path));

export function findAllBrowsers() {
  const need = {
    firefox: () => process.env.FIREFOX_PATH ?? onPath('firefox') ?? onPath('firefox-esr'),
    driver: () => onPath('WebKitWebDriver'),
    xvfb: () => onPath('Xvfb'),
    miniBrowser: () => libexec('MiniBrowser'),
  };
  const packages = {
    firefox: 'firefox-esr',
    driver: 'webkit2gtk-driver',
    xvfb: 'xvfb',
    miniBrowser: 'webkit2gtk-driver',
  };
  const missing = Object.keys(need).filter((name) => !need[name]());
  if (missing.length > 0 && canInstallPackages()) installPackages(...new Set(missing.map((name) => packages[name])));
  const found = Object.fromEntries(Object.entries(need).map(([name, find]) => [name, find()]));
  const absent = Object.keys(found).filter((name) => !found[name]);
  if (absent.length > 0) {
    throw new Error(
      `For Firefox and WebKit these are missing: ${[...new Set(absent.map((a) => packages[a]))].join(', ')}. Install them (on Debian as root this happens by itself) or run npm test, which needs Chromium only.`,
    );
  }
  return found;
}
