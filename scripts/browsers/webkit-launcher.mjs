// Web Test Runner in WebKitGTK: a display, a driver and one page in which the test files run one after the other.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyActions, openSession, whenReady } from './webdriver.mjs';

const BUTTONS = { left: 0, middle: 1, right: 2 };

/** @param programs paths of `driver`, `display` and `browser` */
export function webKitLauncher(programs) {
  let page;
  let opening;
  let active;
  const closing = [];

  async function open() {
    const home = mkdtempSync(join(tmpdir(), 'millrace-webkit-'));
    closing.push(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
    const display = start(programs.display, ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp']);
    const [number] = await once(display.stdio[3], 'data');
    const port = await freePort();
    start(programs.driver, [`--port=${port}`], {
      HOME: home,
      XDG_RUNTIME_DIR: home,
      DISPLAY: `:${String(number).trim()}`,
      DBUS_SESSION_BUS_ADDRESS: 'disabled:',
      GDK_BACKEND: 'x11',
      GTK_USE_PORTAL: '0',
      NO_AT_BRIDGE: '1',
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    });
    const origin = `http://127.0.0.1:${port}`;
    await whenReady(origin);
    const session = await openSession(origin, {
      browserName: 'MiniBrowser',
      pageLoadStrategy: 'none',
      'webkitgtk:browserOptions': {
        binary: programs.browser,
        args: ['--automation', '--features=+StorageAPI,+StorageAPIEstimate'],
      },
    });
    closing.push(() => session.close());
    return session;
  }

  function start(program, args, env = {}) {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const kill = () => child.kill();
    process.once('exit', kill);
    closing.push(async () => {
      process.off('exit', kill);
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill();
      await once(child, 'exit');
    });
    return child;
  }

  const pointer = (...actions) =>
    page.act({ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions });
  const press = (type, button) => ({ type, button: BUTTONS[button ?? 'left'] });
  const move = (x, y) => ({ type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 });

  return {
    name: 'WebKit',
    // The commands of @web/test-runner-commands speak to this type through the methods below.
    type: 'webdriver',
    concurrency: 1,
    async startSession(id, url) {
      page = await (opening ??= open());
      active = id;
      await page.goto(url);
    },
    isActive: (id) => active === id,
    getBrowserUrl: () => page.url(),
    async stopSession() {
      // Leaving the page stops whatever it still runs.
      await page.goto('about:blank');
      active = undefined;
      return {};
    },
    startDebugSession: () => Promise.reject(new Error('WebKit cannot be debugged from here; use Chromium.')),
    async stop() {
      await opening?.catch(() => {});
      for (const close of closing.splice(0).reverse()) await close();
    },
    sendKeys: (_id, keys) => page.act(keyActions(keys)),
    sendMouseMove: (_id, x, y) => pointer(move(x, y)),
    sendMouseClick: (_id, x, y, button) =>
      pointer(move(x, y), press('pointerDown', button), press('pointerUp', button)),
    sendMouseDown: (_id, button) => pointer(press('pointerDown', button)),
    sendMouseUp: (_id, button) => pointer(press('pointerUp', button)),
    resetMouse: () => pointer(press('pointerUp', 'left'), move(0, 0)),
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
