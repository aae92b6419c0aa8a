// Web Test Runner in WebKitGTK: plain W3C WebDriver calls to WebKitWebDriver under Xvfb. All test files share one browser
// session: the driver has room for one, and now and then does not open the next when the last has just been closed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function webkitLauncher({ driver, xvfb, miniBrowser }) {
  const home = mkdtempSync(join(tmpdir(), 'millrace-webkit-'));
  const children = [];
  let base;
  let session;
  let active;

  async function call(method, path, body) {
    const response = await fetch(base + path, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`WebKitWebDriver: ${value?.message ?? response.status}`);
    return value;
  }

  async function openSession() {
    const capability = {
      browserName: 'MiniBrowser',
      // Test pages say themselves when they are ready, and one that hangs must not hold the driver.
      pageLoadStrategy: 'none',
      'webkitgtk:browserOptions': {
        binary: miniBrowser,
        args: ['--automation', '--features=+StorageAPI,+StorageAPIEstimate'],
      },
    };
    const { sessionId } = await call('POST', '/session', { capabilities: { alwaysMatch: capability } });
    return sessionId;
  }

  return {
    name: 'WebKit',
    // The commands plugin sends keys to launchers of this type through `sendKeys`.
    type: 'webdriver',
    concurrency: 1,
    async initialize() {
      const display = await startXvfb(xvfb, children);
      const port = await freePort();
      base = `http://127.0.0.1:${port}`;
      children.push(
        spawn(driver, [`--port=${port}`], {
          stdio: 'ignore',
          env: {
            ...process.env,
            DISPLAY: `:${display}`,
            HOME: home,
            XDG_RUNTIME_DIR: home,
            DBUS_SESSION_BUS_ADDRESS: 'disabled:',
            GTK_USE_PORTAL: '0',
            NO_AT_BRIDGE: '1',
            GDK_BACKEND: 'x11',
            WEBKIT_DISABLE_COMPOSITING_MODE: '1',
          },
        }),
      );
      for (let tries = 0; ; tries++) {
        try {
          await call('GET', '/status');
          return;
        } catch (error) {
          if (tries > 200) throw error;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    },
    async startSession(id, url) {
      session ??= await openSession();
      active = id;
      await call('POST', `/session/${session}/url`, { url });
    },
    isActive: (id) => active === id,
    getBrowserUrl: () => '',
    async stopSession() {
      active = undefined;
      // Leaving the page ends whatever it still runs.
      await call('POST', `/session/${session}/url`, { url: 'about:blank' });
      return { testCoverage: undefined };
    },
    async sendKeys(_id, keys) {
      const presses = keys.flatMap((name) => ['keyDown', 'keyUp'].map((type) => ({ type, value: KEYS[name] ?? name })));
      const actions = [{ type: 'key', id: 'keyboard', actions: presses }];
      await call('POST', `/session/${session}/actions`, { actions });
    },
    async stop() {
      if (session) await call('DELETE', `/session/${session}`).catch(() => {});
      await Promise.all(children.map((child) => new Promise((resolve) => (child.once('exit', resolve), child.kill()))));
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const KEYS = { Escape: '\uE00C', Enter: '\uE007', Tab: '\uE004', Backspace: '\uE003', Shift: '\uE008' };

function startXvfb(xvfb, children) {
  return new Promise((resolve, reject) => {
    const child = spawn(xvfb, ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    children.push(child);
    child.once('error', reject);
    child.stdio[3].once('data', (data) => resolve(String(data).trim()));
  });
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
