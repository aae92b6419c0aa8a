// `npm run test:inspection`: the bridge to XState's inspectors, with their unmodified packages.
import { installDependencies } from '../setup/dependencies.mjs';
import { globSync as find } from './files.mjs';
import { node } from './spawn.mjs';
import { nodeTests } from './test.mjs';

export async function main() {
  const { passed, failed } = await testInspection();
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

export async function testInspection() {
  installDependencies('inspection');
  const types = await node('node_modules/typescript/bin/tsc', ['--noEmit', '-p', 'inspection']);
  const { passed, failed } = await nodeTests(find('inspection/test', '.test.ts'), 1);
  return { passed: passed + (types.code === 0 ? 1 : 0), failed: failed + (types.code === 0 ? 0 : 1) };
}
