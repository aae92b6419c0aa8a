// The unmodified receiver of @xstate/inspect 0.8; what it hears is kept for the test.
import { createWindowReceiver } from '@xstate/inspect';

const heard: unknown[] = ((globalThis as { heard?: unknown[] }).heard = []);
const receiver = createWindowReceiver({ window, targetWindow: window.parent });
receiver.subscribe((event: { type: string; sessionId: string; state?: { value: unknown } }) => {
  heard.push({ type: event.type, sessionId: event.sessionId, value: event.state?.value });
});
