// What a page has listed as running in the background, kept for this tab over a reload (sessionStorage): results stay there to
// be read, what runs on the server is followed again, and what ended with the page says so.
import type {
  BackgroundRun,
  BackgroundRuns,
  Environment,
  InstanceHandle,
  InstanceView,
  Runtime,
} from '../../src/runtime/index.js';
import { isOver } from '../status/run-state.js';

const KEY = 'millrace-activity';

interface Kept {
  readonly label: string;
  readonly environment: Environment;
  /** Without variables and activities. */
  readonly view: InstanceView;
}

const kept = new WeakSet<BackgroundRuns>();

/** Lists what this tab had listed before it was reloaded, and keeps the list from now on. Once for all trays of a page. */
export function keepRuns(runtime: Runtime): void {
  const { background } = runtime;
  if (kept.has(background)) return;
  kept.add(background);
  const past = read();
  const watched = new Map<string, () => void>();
  const save = (): void => write(background.list);
  const follow = (): void => {
    for (const { instance } of background.list)
      if (!watched.has(instance.id)) watched.set(instance.id, instance.watch(save));
    for (const [id, stop] of watched) {
      if (background.has(id)) continue;
      stop();
      watched.delete(id);
    }
    save();
  };
  for (const { label, environment, view } of past) {
    if (background.has(view.id)) continue;
    const isGone = environment === 'page' && view.kind === 'microflow';
    if (isGone || isOver(view)) background.add({ instance: over(view), label, environment, isPast: true });
    else
      void runtime
        .instance(view.id)
        .then((instance) => instance && background.add({ instance, label, environment }), save);
  }
  background.addEventListener('change', follow);
  follow();
}

/** An instance of which only the last view is left. */
function over(last: InstanceView): InstanceHandle {
  const view: InstanceView = isOver(last)
    ? last
    : {
        ...last,
        status: 'failed',
        failure: { code: 'FLOW-PAGE-LEFT', message: 'The page was left before it had ended.', retryable: false },
      };
  return {
    id: view.id,
    definition: { flow: view.flow, title: view.title, kind: view.kind, activities: [] },
    view,
    done: Promise.resolve(view),
    watch: () => () => {},
    refresh: () => Promise.resolve(view),
    cancel: () => Promise.resolve(),
    retry: () => Promise.resolve(),
  };
}

function read(): readonly Kept[] {
  try {
    const list = JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as readonly Kept[];
    return list.filter(({ label, view }) => typeof label === 'string' && typeof view.id === 'string');
  } catch {
    return [];
  }
}

function write(runs: readonly BackgroundRun[]): void {
  const list = runs.map(({ label, environment = 'page', instance: { view } }): Kept => {
    return { label, environment, view: { ...view, variables: {}, activities: {}, tasks: [], waits: [] } };
  });
  try {
    if (list.length > 0) sessionStorage.setItem(KEY, JSON.stringify(list));
    else sessionStorage.removeItem(KEY);
  } catch {
    // No storage, or none left: the list then ends with the page.
  }
}
