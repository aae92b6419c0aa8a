// Keeps processes running: what ends without being asked to is started again, soon at first and less often when it keeps
// failing.
import { spawn, type ChildProcess } from 'node:child_process';

export interface ProcessSpec {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** File descriptor for what it prints. Default: where the supervisor prints. */
  readonly output?: number;
  /** Hears of every start. */
  readonly started?: () => void;
}

export interface Supervised {
  readonly name: string;
  readonly pid: number | undefined;
  /** Ends it for good; resolves when it has gone. */
  stop(): Promise<void>;
}

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;
/** A process that has run this long, ms, is no longer taken for one that keeps failing. */
const SETTLED = 10_000;
/** How long a process may take to end by itself, ms. */
const PATIENCE = 8000;

export function supervise(
  { name, program, args, env, output, started: tell }: ProcessSpec,
  log: (line: string) => void,
): Supervised {
  let child: ChildProcess | undefined;
  let pause = FIRST_PAUSE;
  let timer: NodeJS.Timeout | undefined;
  let isStopping = false;
  const start = (): void => {
    const started = Date.now();
    const out = output ?? 'inherit';
    child = spawn(program, [...args], { env: { ...process.env, ...env }, stdio: ['ignore', out, out] });
    // Whoever hears of it may ask for the others, which are still being made.
    queueMicrotask(() => tell?.());
    child.on('error', (error) => log(`${name}: ${error.message}`));
    child.on('exit', (code, signal) => {
      child = undefined;
      if (isStopping) return;
      // Killed from outside is not the same as failing by itself.
      const isFailing = signal === null && Date.now() - started < SETTLED;
      pause = isFailing ? Math.min(pause * 2, LONGEST_PAUSE) : FIRST_PAUSE;
      log(`${name} ended (${signal ?? code}); started again in ${pause} ms`);
      timer = setTimeout(start, pause);
    });
  };
  start();
  return {
    name,
    get pid() {
      return child?.pid;
    },
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      const ending = child;
      // One that could not be started has no id, and never ends.
      if (ending?.pid === undefined) return;
      const ended = new Promise((resolve) => ending.once('exit', resolve));
      ending.kill('SIGTERM');
      const impatient = setTimeout(() => ending.kill('SIGKILL'), PATIENCE);
      await ended;
      clearTimeout(impatient);
    },
  };
}
