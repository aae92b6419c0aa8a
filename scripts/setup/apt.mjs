// Debian packages for a machine that has none yet: only for root, and patient with another apt-get that holds the lock.
import { spawnSync } from 'node:child_process';
import { platform } from 'node:os';

const PATIENT = ['-o', 'DPkg::Lock::Timeout=300'];

export function canInstallPackages() {
  return platform() === 'linux' && process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
}

/** Whether the packages are there now; what went wrong, apt-get itself has said. */
export function installPackages(...names) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => spawnSync('apt-get', [...PATIENT, ...args], { stdio: 'inherit', env }).status === 0;
  // A stale mirror must not stop an installation that the lists at hand allow.
  apt('update');
  return apt('install', '-y', '--no-install-recommends', ...names);
}
