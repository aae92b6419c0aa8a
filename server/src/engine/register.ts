// Tells the engine where the flow service is. Patient: the engine may still be starting, or be on its way back.
const BETWEEN_TRIES = 200;

export async function registerWithEngine(admin: string, uri: string, patience = 120_000): Promise<void> {
  const end = Date.now() + patience;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const response = await fetch(`${admin}/deployments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        // The same address with other code replaces the older; running instances go on with the new code.
        body: JSON.stringify({ uri, force: true }),
        signal: AbortSignal.timeout(10_000),
      });
      if (response.ok) return;
      last = new Error(`${response.status} ${await response.text()}`);
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES));
  }
  throw new Error(`The engine at ${admin} could not be told of the flow service at ${uri}.`, { cause: last });
}
