// Firefox and WebKit for `npm run test:all`: found, or on Debian as root installed; otherwise an error that says what to do.
import { existsSync, readdirSync } from 'node:fs';
import { platform } from 'node:os';
import { delimiter, join } from 'node:path';
import { canInstallPackages, installPackages } from './apt.mjs';

/** Path of Firefox; `FIREFOX_PATH` wins. */
export function findFirefox() {
  const { FIREFOX_PATH } = process.env;
  if (FIREFOX_PATH) {
    if (existsSync(FIREFOX_PATH)) return FIREFOX_PATH;
    throw new Error(`FIREFOX_PATH is "${FIREFOX_PATH}", where there is no browser. Correct it or unset it.`);
  }
  const places = {
    darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
    win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)']
      .filter((name) => process.env[name])
      .map((name) => join(process.env[name], 'Mozilla Firefox/firefox.exe')),
  };
  return onPath('firefox', 'firefox-esr') ?? places[platform()]?.find((path) => existsSync(path));
}

/** The three programs a WebKit run needs: driver, browser and a display; undefined when one is missing. */
export function findWebKit() {
  const driver = onPath('WebKitWebDriver');
  const display = onPath('Xvfb');
  const browser = libraryFolders()
    .flatMap((folder) => ['webkit2gtk-4.1', 'webkit2gtk-4.0', 'webkitgtk-6.0'].map((name) => join(folder, name)))
    .map((folder) => join(folder, 'MiniBrowser'))
    .find((path) => existsSync(path));
  return driver && display && browser ? { driver, display, browser } : undefined;
}

/** Makes sure that both are there. Throws with what to do when they cannot be had. */
export function findOrInstallMoreBrowsers() {
  const missing = [...(findFirefox() ? [] : ['firefox-esr']), ...(findWebKit() ? [] : ['webkit2gtk-driver', 'xvfb'])];
  if (missing.length > 0 && canInstallPackages()) {
    console.log(`Installing ${missing.join(', ')} with apt-get …`);
    installPackages(...missing);
  }
  if (!findFirefox())
    throw new Error('Firefox could not be found or installed. Install it, or set FIREFOX_PATH to it.');
  if (!findWebKit()) {
    throw new Error(
      'WebKit could not be found or installed. It is tested through WebKitGTK on Linux: install webkit2gtk-driver and xvfb.',
    );
  }
}

function onPath(...names) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name + (platform() === 'win32' ? '.exe' : ''))))
    .find((path) => existsSync(path));
}

/** Debian keeps one library folder for each architecture, others have /usr/libexec. */
function libraryFolders() {
  if (platform() !== 'linux') return [];
  const perArchitecture = readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu'));
  return [...perArchitecture.map((name) => `/usr/lib/${name}`), '/usr/lib', '/usr/lib64', '/usr/libexec'];
}
