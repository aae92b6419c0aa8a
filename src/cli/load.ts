// Reading the files that the commands name.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FlowError, importDefinition, type Implementations, type ImportedDefinitions } from '../index.js';

/** JSON, or a JavaScript module whose exports are definitions. Throws FlowError. */
export async function loadDefinitions(file: string): Promise<ImportedDefinitions> {
  if (/\.[cm]?[jt]s$/.test(file)) {
    const exported = Object.values(await loadModule(file)).flat();
    const definitions = exported.filter((v) => typeof v === 'object' && v !== null && 'flow' in v);
    if (definitions.length === 0) throw new FlowError('CLI-FILE', `${file} exports no flow definition.`);
    return importDefinition([...new Set(definitions)]);
  }
  try {
    return await importDefinition(await readBytes(file));
  } catch (error) {
    if (error instanceof FlowError && error.code === 'FLOW-IMPORT')
      throw new FlowError(error.code, `${file}: ${error.message}`, error.place, { cause: error });
    throw error;
  }
}

export async function loadJson(file: string): Promise<unknown> {
  return parseJson((await readBytes(file)).toString('utf8'), file);
}

export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FlowError('CLI-JSON', `${what} is no JSON: ${(cause as Error).message}.`, {}, { cause });
  }
}

/** The implementations that a module exports: functions, or objects with `prepare`, `commit` and `rollback`. */
export async function loadImplementations(file: string): Promise<Implementations> {
  const module = await loadModule(file);
  const entries = Object.entries({ ...(module['default'] as object | undefined), ...module }).filter(
    ([name]) => name !== 'default',
  );
  for (const [name, value] of entries) {
    const fits = typeof value === 'function' || typeof (value as { prepare?: unknown } | null)?.prepare === 'function';
    if (!fits)
      throw new FlowError('CLI-FILE', `"${name}" of ${file} is neither a function nor an object with "prepare".`);
  }
  return Object.fromEntries(entries) as Implementations;
}

async function loadModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(resolve(file)).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    const isUnknown = (cause as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_FILE_EXTENSION';
    const why = isUnknown
      ? `this version of Node (${process.version}) does not load TypeScript. Take Node 22.18 or newer, or give the compiled file.`
      : (cause as Error).message;
    throw new FlowError('CLI-FILE', `${file} cannot be loaded: ${why}`, {}, { cause });
  }
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new FlowError('CLI-FILE', missing ? `There is no file ${file}.` : `${file}: ${(cause as Error).message}`);
  }
}
