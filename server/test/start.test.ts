import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';
import { eventually, freePorts } from './harness.js';

const root = resolve(import.meta.dirname, '../..');

describe('npm run server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-start-'));
  let running: ChildProcess | undefined;
  after(() => {
    running?.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const isAlive = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  const pids = (): Record<string, number> => JSON.parse(readFileSync(join(folder, 'pids.json'), 'utf8'));

  function spawned(): ChildProcess {
    const env = { ...process.env, MILLRACE_DATA: folder };
    running = spawn(process.execPath, ['--import', 'tsx', 'server/src/start.ts'], { cwd: root, env, stdio: 'ignore' });
    return running;
  }

  async function start(url: string): Promise<ChildProcess> {
    const child = spawned();
    await eventually('it is ready', () =>
      fetch(`${url}/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return child;
  }

  async function writeSettings(): Promise<number> {
    const [gateway, ingress, admin, node, service] = await freePorts(5);
    writeFileSync(
      join(folder, 'server.json'),
      JSON.stringify({
        gateway: { port: gateway },
        engine: { ports: { ingress, admin, node } },
        flowService: { port: service },
        logLevel: 'silent',
      }),
    );
    return gateway!;
  }

  it('starts anew after its supervisor was killed, with everything as it was, and stops everything when told', async () => {
    const url = `http://127.0.0.1:${await writeSettings()}`;
    const first = await start(url);
    const headers = {
      'x-api-key': readFileSync(join(folder, 'api-key'), 'utf8').trim(),
      'content-type': 'application/json',
    };
    const flow = { flow: 'kept', kind: 'process', activities: [{ id: 'U', type: 'user', role: 'x' }] };
    const post = (path: string, body: unknown): Promise<Response> =>
      fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.equal((await post('/v1/flows', flow)).status, 201);
    assert.equal((await post('/v1/instances', { flow: 'kept', id: 'one' })).status, 201);
    const earlier = Object.values(pids());
    const gone = new Promise((done) => first.once('exit', done));
    first.kill('SIGKILL');
    await gone;

    const second = await start(url);
    await eventually('the left-overs are gone', () => !earlier.some(isAlive));
    await eventually('the instance is there', () =>
      fetch(`${url}/v1/instances/one`, { headers }).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    const now = Object.values(pids());
    assert.equal(now.length, 3);
    const ended = new Promise((done) => second.once('exit', done));
    second.kill('SIGTERM');
    await ended;
    assert.deepEqual(now.filter(isAlive), []);
  });

  it('stops everything when told while it is still starting', async () => {
    await writeSettings();
    const starting = spawned();
    await eventually('all are being started', () => existsSync(join(folder, 'pids.json')));
    const started = Object.values(pids());
    assert.equal(started.length, 3);
    const ended = new Promise((done) => starting.once('exit', done));
    starting.kill('SIGTERM');
    assert.equal(await ended, 1);
    assert.deepEqual(started.filter(isAlive), []);
    assert.equal(existsSync(join(folder, 'pids.json')), false);
  });
});
