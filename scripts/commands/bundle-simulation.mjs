// Bundles the simulation with the source under test into one module. In one piece even what is loaded on demand is there at
// once, so that nothing in a simulated schedule waits for the real world. `plant` may change a source file on its way.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');

/** Gives the path of the bundle and a function that removes it. `plant(path, text)` gives the text to use instead. */
export async function bundleSimulation(plant) {
  const result = await build({
    entryPoints: [join(ROOT, 'test/simulation/main.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'error',
    plugins: plant ? [planting(plant)] : [],
  });
  const folder = mkdtempSync(join(tmpdir(), 'millrace-simulation-'));
  const path = join(folder, 'simulation.mjs');
  writeFileSync(path, result.outputFiles[0].contents);
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function planting(plant) {
  return {
    name: 'planting',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
        const contents = plant(relative(ROOT, path).split(sep).join('/'), readFileSync(path, 'utf8'));
        return { contents, loader: 'ts' };
      });
    },
  };
}
