// `npm start`: the API and the demo site on fixed ports, because the origin is the identity of the stored processes.
import { startApi } from './api/server.mjs';
import { startSite } from './site.mjs';

const port = Number(process.env.PORT ?? 5173);
const apiPort = Number(process.env.API_PORT ?? 5174);

try {
  await startApi({ port: apiPort });
  await startSite({ port, apiPort });
} catch (error) {
  const taken = error.code === 'EADDRINUSE' || /already in use/.test(error.message);
  console.error(
    taken
      ? `Port ${/Port (\d+)/.exec(error.message)?.[1] ?? error.port ?? port} is taken. Stop what uses it, or choose others: PORT=5273 API_PORT=5274 npm start`
      : `The demo could not start: ${error.message}`,
  );
  process.exit(1);
}
console.log(
  `The demo is at http://127.0.0.1:${port}/ (its API: http://127.0.0.1:${apiPort}/api/log). Stop it with Ctrl-C.`,
);
