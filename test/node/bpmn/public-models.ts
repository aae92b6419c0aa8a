// Where the public models are: beside the project, or where MILLRACE_MODELS says. They are read in place. Where they are
// not there, the tests that need them are skipped by name.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const DATA = process.env['MILLRACE_MODELS'] ?? resolve(import.meta.dirname, '../../../../shared/data');

/** For the `skip` option of a test. */
export const withoutData: string | false = existsSync(join(DATA, 'miwg'))
  ? false
  : `no models in ${DATA}; set MILLRACE_MODELS to the folder with miwg/ and betsy/`;

export function modelsIn(folder: string): readonly string[] {
  if (withoutData) return [];
  return readdirSync(join(DATA, folder)).filter((file) => file.endsWith('.bpmn'));
}

export function readModel(path: string): Uint8Array {
  return readFileSync(join(DATA, path));
}

export interface BetsyCase {
  readonly input: string | null;
  readonly integerVariable: number;
  readonly traces: readonly string[];
}
export interface BetsyProcess {
  readonly name: string;
  readonly file: string;
  readonly cases: readonly BetsyCase[];
}

export function betsyProcesses(): readonly BetsyProcess[] {
  return withoutData ? [] : (JSON.parse(readFileSync(join(DATA, 'betsy/cases.json'), 'utf8')) as BetsyProcess[]);
}
