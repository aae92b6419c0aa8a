// Runs in the thread: evaluates one expression, or validates one value, after the other. Nothing but plain data comes in or goes out.
import { toFailure } from '../model/index.js';
import { validateValue } from '../model/validate-value.js';
import type { IsolatedAnswer, IsolatedRequest } from './isolated.js';
import { loadLibrary, loadRegexEngine } from './library.js';
import { nodeThreads, READY } from './thread-port.js';
import { trustedExpression } from './trusted-expression.js';

const port = nodeThreads()?.parentPort ?? (globalThis as unknown as Worker);

async function answer(request: IsolatedRequest): Promise<void> {
  let said: IsolatedAnswer;
  try {
    if ('evaluate' in request) {
      const value = await trustedExpression(request.evaluate).evaluate(request.input, request.options);
      said = value === undefined ? {} : { value };
    } else {
      said = { faults: await validateValue(request.schema, request.validate) };
    }
  } catch (error) {
    said = { failure: toFailure(error) };
  }
  port.postMessage(said);
}

if ('on' in port) port.on('message', (request: IsolatedRequest) => void answer(request));
else port.addEventListener('message', ({ data }) => void answer(data as IsolatedRequest));

// What takes long to load is there before the clock of the first request starts.
// (No top-level await: some bundlers make classic scripts of workers.)
void Promise.all([loadLibrary(), loadRegexEngine()])
  // Then every request that needs it says so.
  .catch(() => undefined)
  .then(() => port.postMessage(READY));
