// The little of the W3C WebDriver protocol that a test launcher needs, over fetch.

export async function openSession(origin, capabilities) {
  const { sessionId } = await call('POST', `${origin}/session`, { capabilities: { alwaysMatch: capabilities } });
  const session = `${origin}/session/${sessionId}`;
  return {
    goto: (url) => call('POST', `${session}/url`, { url }),
    url: () => call('GET', `${session}/url`),
    act: (...sources) => call('POST', `${session}/actions`, { actions: sources }),
    close: () => call('DELETE', session),
  };
}

/** Waits until the driver listens. */
export async function whenReady(origin, patience = 60_000) {
  const end = Date.now() + patience;
  for (;;) {
    try {
      const { ready } = await call('GET', `${origin}/status`);
      if (ready) return;
    } catch (error) {
      if (Date.now() > end) throw new Error(`The WebDriver at ${origin} did not start.`, { cause: error });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The keys of a `sendKeys` payload as key-down and key-up actions. */
export function keyActions(keys) {
  const actions = keys.flatMap((key) => {
    const value = NAMED[key] ?? key;
    return [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ];
  });
  return { type: 'key', id: 'keyboard', actions };
}

// The code points that the standard gives to keys without a character (§ 17.4.2).
const NAMED = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Escape: '\uE00C',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Delete: '\uE017',
};

async function call(method, url, body) {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`WebDriver: ${value.error}: ${value.message}`);
  return value;
}
