// One node of the engine: writes its configuration and says how to run it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessSpec } from '../supervisor.js';
import { engineBinary } from './binary.js';
import { engineConfiguration, type EngineSettings } from './configuration.js';

export function engineNode(settings: EngineSettings): ProcessSpec {
  const { folder, name } = settings;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'engine.toml');
  writeFileSync(file, engineConfiguration(settings));
  return { name: name ?? 'engine', program: engineBinary(), args: ['--no-logo', '--config-file', file] };
}
