// Secrets stand in the environment, not in settings: `{ "secret": "NAME" }` is replaced by the value of the variable NAME, or by
// the content of the file that NAME_FILE names.
import { readFileSync } from 'node:fs';
import { FlowError, type Json, type JsonObject } from '../../../src/index.js';

export function withSecrets(settings: JsonObject, env: NodeJS.ProcessEnv = process.env): JsonObject {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, resolved(value, env)]));
}

function resolved(value: Json, env: NodeJS.ProcessEnv): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => resolved(one, env));
  if (typeof value !== 'object' || value === null) return value;
  const { secret } = value as JsonObject;
  if (typeof secret !== 'string') return withSecrets(value as JsonObject, env);
  const file = env[`${secret}_FILE`];
  const found = file === undefined ? env[secret] : readFileSync(file, 'utf8').trim();
  if (found !== undefined) return found;
  throw new FlowError('FLOW-SECRET', `The secret "${secret}" is not set; set the environment variable ${secret}.`);
}
