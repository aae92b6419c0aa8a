// Tells somebody outside. What they throw is theirs: it is reported as uncaught, and whoever tells goes on.

export function tell<What>(listener: (what: What) => void, what: What): void {
  try {
    listener(what);
  } catch (error) {
    if (typeof reportError === 'function') reportError(error);
    else console.error(error);
  }
}
