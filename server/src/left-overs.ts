// Processes of an earlier start whose supervisor was killed before it could stop them. They hold the ports and the data, so
// the next start ends them: by the ids noted in the data folder, and only when they still are what was noted.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PATIENCE = 10_000;

export function notePids(folder: string, pids: Readonly<Record<string, number | undefined>>): void {
  // Whoever is killed while writing must not leave half a note.
  const whole = `${fileIn(folder)}.new`;
  writeFileSync(whole, JSON.stringify(pids));
  renameSync(whole, fileIn(folder));
}

export function forgetPids(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}

/** Resolves when none is left. */
export async function endLeftOvers(folder: string): Promise<void> {
  const file = fileIn(folder);
  if (!existsSync(file)) return;
  const pids = Object.values(JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>);
  const ours = pids.filter((pid) => isOurs(commandOf(pid), folder));
  for (const pid of ours) process.kill(pid, 'SIGKILL');
  const end = Date.now() + PATIENCE;
  while (ours.some((pid) => isOurs(commandOf(pid), folder)) && Date.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 50));
  forgetPids(folder);
}

/** The engine names its configuration in the data folder; the others are files of this one. */
function isOurs(command: string, folder: string): boolean {
  return command.includes(join(folder, 'engine.toml')) || command.includes(join(import.meta.dirname, ''));
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-ww', '-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

function fileIn(folder: string): string {
  return join(folder, 'pids.json');
}
