// Files below one folder. A path that leads out of it, also by a link, is refused.
import { appendFile, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { FlowError, type Json, type JsonObject } from '../../../src/index.js';
import { schemaOf, text, type Action, type CallContext, type Connected, type ConnectorKind } from './connector.js';

const path = schemaOf({ path: text }, ['path']);
const written = schemaOf({ path: text, content: text, json: { description: 'Written as JSON.' } }, ['path']);

export const file: ConnectorKind = {
  summary: 'files below one folder',
  settings: schemaOf({ folder: text }, ['folder']),
  async connect(settings, folder) {
    const place = resolve(folder, String(settings['folder']));
    await mkdir(place, { recursive: true });
    return new FileConnection(place);
  },
};

class FileConnection implements Connected {
  readonly actions: Readonly<Record<string, Action>> = {
    read: { summary: 'the text of a file', effect: 'get', arguments: path },
    'read-json': { summary: 'the JSON in a file', effect: 'get', arguments: path },
    list: { summary: 'names in a folder', effect: 'get', arguments: path },
    write: { summary: 'writes a file as a whole', effect: 'post', arguments: written },
    append: { summary: 'adds a line', effect: 'post', arguments: written },
    delete: { summary: 'deletes a file', effect: 'post', arguments: path },
  };
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async call(action: string, args: JsonObject, { signal, idempotencyKey }: CallContext): Promise<Json> {
    signal.throwIfAborted();
    const place = await this.#inside(String(args['path']));
    const content = args['json'] === undefined ? String(args['content'] ?? '') : JSON.stringify(args['json']);
    try {
      if (action === 'read') return await readFile(place, 'utf8');
      if (action === 'read-json') return JSON.parse(await readFile(place, 'utf8')) as Json;
      if (action === 'list') return (await readdir(place)).sort();
      await mkdir(dirname(place), { recursive: true });
      if (action === 'delete') await rm(place, { force: true });
      else if (action === 'append') await appendFile(place, `${content}\n`);
      else await replace(place, content, idempotencyKey);
      return { path: relative(this.#folder, place) };
    } catch (cause) {
      const { code = 'ERROR', message } = cause as { code?: string; message: string };
      throw new FlowError(`FILE-${code}`, message, {}, { cause, retryable: code === 'EMFILE' || code === 'ENOSPC' });
    }
  }

  async test(): Promise<string> {
    return `${(await readdir(this.#folder)).length} names in ${this.#folder}`;
  }

  async close(): Promise<void> {}

  async #inside(wanted: string): Promise<string> {
    const place = resolve(this.#folder, wanted);
    const root = await realpath(this.#folder);
    const real = await existing(place);
    if (place !== this.#folder && !place.startsWith(this.#folder + sep)) throw outside(wanted);
    if (real !== root && !real.startsWith(root + sep)) throw outside(wanted);
    return place;
  }
}

/** The real path of what exists of it. */
async function existing(place: string): Promise<string> {
  try {
    return await realpath(place);
  } catch {
    return place === dirname(place) ? place : existing(dirname(place));
  }
}

/** Readers see the old content or the new one, never a part. */
async function replace(place: string, content: string, key: string): Promise<void> {
  const beside = `${place}.${Buffer.from(key).toString('hex').slice(-24)}.new`;
  await writeFile(beside, content);
  await rename(beside, place);
}

function outside(wanted: string): FlowError {
  return new FlowError('FILE-OUTSIDE', `"${wanted}" leads out of the connector's folder.`);
}
