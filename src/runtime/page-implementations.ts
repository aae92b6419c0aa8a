// The functions a page registers for its flows, and the built-in implementations behind them, as a host's registry. A
// process that goes on while the page is still loading may need a function that a later script registers: such a call waits.
import {
  createHttpImplementation,
  createLogImplementation,
  createRegistry,
  createStoreImplementation,
  invocable,
  type Invocable,
  type RegisteredImplementation,
  type Registry,
} from '../activities/index.js';
import { implementationsIn } from '../activities/worker.js';
import type { PageState } from './page-state.js';

/** Functions registered afterwards are found too. */
export function pageImplementations(page: PageState): Registry {
  const { functions, settings } = page;
  const { allowedOrigins, baseUrl, credentials } = settings;
  const worker = settings.worker && implementationsIn(settings.worker);
  const builtIn: Readonly<Record<string, RegisteredImplementation>> = {
    http: createHttpImplementation({
      ...(allowedOrigins ? { allowedOrigins } : {}),
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(credentials ? { credentials } : {}),
    }),
    log: createLogImplementation(),
    store: createStoreImplementation(),
    // Loaded when a flow uses them.
    broadcast: async (args, context) => (await import('../activities/bus.js')).broadcast(args, context),
    'post-message': async (args, context) => (await import('../activities/bus.js')).postToWindow(args, context),
    notify: async (args, context) => (await import('../activities/notify.js')).notify(args, context),
  };
  /** Throws FlowError `FLOW-UNKNOWN-IMPLEMENTATION` with the nearest name that is registered. */
  const required = (name: string): Invocable =>
    createRegistry({ ...builtIn, ...Object.fromEntries(functions) }).resolve(name);
  return {
    register: (name, implementation) => void functions.set(name, implementation),
    resolve: (name, place) => {
      if (place?.environment === 'worker' && worker) return worker(name);
      if (place && place.environment !== 'worker' && place.environment !== 'page')
        return async (_, context) => {
          const { callElsewhere } = await import('./activity-elsewhere.js');
          return callElsewhere(await (await page.hosting()).host('server'), place.definition, context);
        };
      const known = functions.get(name) ?? builtIn[name];
      if (known) return invocable(known);
      const loading = loaded();
      return loading ? async (args, context) => (await loading, required(name)(args, context)) : required(name);
    },
  };
}

function loaded(): Promise<unknown> | undefined {
  if (globalThis.document === undefined || document.readyState === 'complete') return undefined;
  return new Promise((resolve) => globalThis.addEventListener('load', resolve, { once: true }));
}
