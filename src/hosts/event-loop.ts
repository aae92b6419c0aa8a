// Runs something after the present turn of the event loop, without the milliseconds that a timer waits.

const immediate = (globalThis as { setImmediate?: (callback: () => void) => unknown }).setImmediate;

export function afterThisTurn(callback: () => void): void {
  if (immediate) {
    immediate(callback);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    callback();
  };
  port2.postMessage(undefined);
}
