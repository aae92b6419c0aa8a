// The door through which hosts compile: a page that brings compiled flows never loads the compiler.
import type { CompiledFlow } from './compile.js';

/** As `compile`; loads the compiler on first use. */
export async function compileOnDemand(definition: unknown): Promise<CompiledFlow> {
  const { compile } = await import('./compile.js');
  return compile(definition);
}
