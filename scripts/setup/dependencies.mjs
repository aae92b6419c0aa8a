// Installs the packages when they are missing or not those of the lock file; otherwise does nothing, and quickly.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** `folder`: a package of its own below the root, as the server is. */
export function installDependencies(folder = '.') {
  const place = join(root, folder);
  const lock = readFileSync(join(place, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lock).digest('hex');
  const stamp = join(place, 'node_modules/.millrace-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  if (!isInstalled(place, JSON.parse(lock))) install(place);
  writeFileSync(stamp, hash);
}

/** Somebody may have called npm by hand: npm notes what it put into node_modules, with the versions. */
function isInstalled(place, { packages }) {
  const note = join(place, 'node_modules/.package-lock.json');
  if (!existsSync(note)) return false;
  const installed = JSON.parse(readFileSync(note, 'utf8')).packages;
  return Object.entries(packages).every(([path, { version, optional }]) => {
    // Optional packages are those of other platforms; the first entry is the project itself.
    if (path === '' || (optional && !installed[path])) return true;
    return installed[path]?.version === version && existsSync(join(place, path));
  });
}

function install(place) {
  console.log('Installing packages (this happens once) …');
  const { status } = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], {
    cwd: place,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error('The packages could not be installed; npm said why above. Check the network and try again.');
  process.exit(1);
}
