// `npm run inspect`: starts the bridge and says where inspectors and pages find it.
import { startBridge } from './bridge.js';

const all = (name: string): string[] =>
  process.argv.filter((a) => a.startsWith(`--${name}=`)).map((a) => a.slice(name.length + 3));
const demo = ['http://127.0.0.1:5173', 'http://localhost:5173'];

try {
  const bridge = await startBridge({ port: Number(all('port')[0] ?? 8899), origins: [...demo, ...all('origin')] });
  console.log(`The bridge is on this machine only, at
  ${bridge.address}
Enter that in the inspector (Data, "Attach an XState inspector"), and give it to createWebSocketReceiver of @statelyai/inspect
or, without "ws://", of @xstate/inspect 0.8. Stop it with Ctrl-C.`);
} catch (error) {
  console.error(
    `The bridge could not start: ${(error as Error).message}. Another port: npm run inspect -- --port=8900`,
  );
  process.exitCode = 1;
}
