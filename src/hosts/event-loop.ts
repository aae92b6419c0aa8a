// Runs something after the present turn of the event loop, without the milliseconds that a timer waits.

const immediate = (globalThis as { setImmediate?: (callback: () => void) => unknown }).setImmediate;

/** In a page, where there is no `setImmediate`: one channel for all, a message for each. */
let channel: MessageChannel | undefined;
const waiting: (() => void)[] = [];

export function afterThisTurn(callback: () => void): void {
  if (immediate) {
    immediate(callback);
    return;
  }
  if (!channel) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => waiting.shift()!();
  }
  waiting.push(callback);
  channel.port2.postMessage(undefined);
}
