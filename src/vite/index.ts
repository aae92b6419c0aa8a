// A Vite plugin: `import loan from './loan.bpmn'` gives a compiled flow. Reading and compiling happen when the site is built, so the
// page ships neither the BPMN reader nor the compiler.
import { readFile } from 'node:fs/promises';
import { compile, importDefinition, type CompiledFlow, type FlowDefinition, type FlowKind } from '../index.js';
import { moduleOf } from './compiled-module.js';

const FLOW_FILE = /\.(?:bpmn|flow\.json)$/;

/** The part of Vite's (and Rollup's) plugin interface that is used. */
export interface FlowPlugin {
  readonly name: string;
  readonly enforce: 'pre';
  load(this: FlowPluginContext, id: string): Promise<{ code: string; map: null } | undefined>;
}

export interface FlowPluginContext {
  addWatchFile?(file: string): void;
  warn?(message: string): void;
}

/**
 * Compiles imports of `.bpmn` and `.flow.json` files. The module's default export is the flow to start, `flows` all flows of the
 * file; `runtime.define(…flows)` makes them known. With `?kind=microflow`, they are microflows (no person may work in them and
 * nothing may wait long). What a BPMN import reports is a warning of the build; what does not compile is an error.
 *
 * ```js
 * // vite.config.js
 * import { millrace } from 'millrace/vite';
 * export default { plugins: [millrace()] };
 * ```
 */
export function millrace(): FlowPlugin {
  return {
    name: 'millrace',
    enforce: 'pre',
    async load(id) {
      const [file = '', query = ''] = id.split('?', 2);
      const parameters = new URLSearchParams(query);
      // `?raw` and `?url` ask for the file itself.
      if (!FLOW_FILE.test(file) || parameters.has('raw') || parameters.has('url')) return undefined;
      this.addWatchFile?.(file);
      const { definitions, report = [] } = await importDefinition(await readFile(file));
      const kind = parameters.get('kind') as FlowKind | null;
      const flows: CompiledFlow[] = [];
      for (const definition of definitions) flows.push(await compile(ofKind(definition, kind)));
      for (const { line, kind: what, id: element, consequence } of report)
        this.warn?.(`${file}${line === undefined ? '' : `:${line}`}: ${what} ${element}: ${consequence}`);
      return { code: moduleOf({ flows }, 'flows[0]'), map: null };
    },
  };
}

function ofKind(definition: FlowDefinition, kind: FlowKind | null): FlowDefinition {
  return kind === 'microflow' || kind === 'process' ? { ...definition, kind } : definition;
}
