// PostgreSQL for the tests: the real server where it is installed, and the same database as a library from npm everywhere.
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { eventually, freePorts } from './harness.js';

export interface TestDatabase {
  readonly address: string;
  close(): Promise<void>;
}

/** Folder of its programs, if there is one. */
export const POSTGRES = programs();
/** Why tests that need it are left out. */
export const NO_POSTGRES = 'there is no PostgreSQL here; apt-get install postgresql';

export async function startPglite(): Promise<TestDatabase> {
  const db = await PGlite.create();
  const [port] = await freePorts(1);
  const server = new PGLiteSocketServer({ db, port: port!, host: '127.0.0.1', maxConnections: 20 });
  await server.start();
  return {
    address: `postgres://postgres:postgres@127.0.0.1:${port}/postgres?sslmode=disable`,
    async close() {
      await server.stop();
      await db.close();
    },
  };
}

export async function startPostgres(bin: string): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-postgres-'));
  const [port] = await freePorts(1);
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : undefined;
  if (user) chownSync(folder, user.uid, user.gid);
  const options = { cwd: folder, ...user };
  const data = join(folder, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'millrace', '-A', 'trust', '--no-sync'], {
    ...options,
    stdio: 'ignore',
  });
  const server = spawn(join(bin, 'postgres'), ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', folder], {
    ...options,
    stdio: 'ignore',
  });
  await eventually('PostgreSQL is up', () => {
    try {
      execFileSync(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
  return {
    address: `postgres://millrace@127.0.0.1:${port}/postgres`,
    async close() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function programs(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const folders = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : [];
  return [...folders, '/usr/local/bin', '/opt/homebrew/bin'].find((folder) => existsSync(join(folder, 'initdb')));
}

function idOf(option: string): number {
  return Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
}
