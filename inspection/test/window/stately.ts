// The unmodified receiver of @statelyai/inspect; what it hears is kept for the test.
import { createBrowserReceiver } from '@statelyai/inspect';

const heard: unknown[] = ((globalThis as { heard?: unknown[] }).heard = []);
createBrowserReceiver({ window }).subscribe((event) => void heard.push(event));
