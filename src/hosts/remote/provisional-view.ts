// What a page shows of an instance that has not reached the server yet.
import type { CompiledFlow } from '../../compiler/index.js';
import { FlowError } from '../../model/index.js';
import type { InstanceView, StartOptions } from '../host.js';

/** `v` is 0: everything that the server says is newer. */
export function provisionalView(
  flow: string,
  id: string,
  { key, startedBy }: StartOptions,
  known: CompiledFlow | undefined,
  now: number,
): InstanceView {
  const definition = known?.definition;
  return {
    id,
    flow,
    title: definition?.title ?? flow,
    version: definition?.version ?? '',
    hash: known?.hash ?? '',
    kind: definition?.kind ?? 'process',
    status: 'running',
    v: 0,
    ...(key === undefined ? {} : { key }),
    ...(startedBy === undefined ? {} : { startedBy }),
    variables: {},
    activities: {},
    tasks: [],
    waits: [],
    progress: { done: 0, total: definition?.activities.length ?? 0 },
    startedAt: now,
    changedAt: now,
  };
}

/** The server has refused the start that was made offline. */
export function refusedView(view: InstanceView, error: unknown): InstanceView {
  const { code, message } = error instanceof FlowError ? error : { code: 'FLOW-SERVER', message: String(error) };
  return { ...view, status: 'failed', v: view.v + 0.5, failure: { code, message, retryable: false } };
}
