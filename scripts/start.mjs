// `npm start`: the desktop app where Electron runs, else the same app in a browser. Arguments go to either.
// TALLYLIGHT_SHELL=browser does not try Electron.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { electronOrReason } from './electron-binary.mjs';
import { endWithNpm } from './end-with-npm.mjs';
import { needsBuild } from './needs-build.mjs';
import { runElectron } from './run-electron.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);

endWithNpm('start');

if (await needsBuild(root)) {
  console.error('Building Tallylight …');
  // stdout is for the address.
  const stdio = ['inherit', 2, 'inherit'];
  const { status } = spawnSync('npm run --silent build', { cwd: root, shell: true, stdio });
  // A build that failed has said why.
  if (status !== 0) process.exit(status ?? 1);
}

const electron = await electronOrReason();
let { reason } = electron;
if (electron.path) {
  const code = await runElectron(electron.path, [root, ...args]);
  // 127: the loader did not find a library that Electron needs, so nothing has run yet.
  if (code !== 127) process.exit(code);
  reason = 'libraries';
}

// It says why, in the user's language.
const instead = ['studio', `--without-electron=${reason}`, ...args];
process.argv.splice(1, Infinity, `${root}cli/bin/tallylight.js`, ...instead);
await import('../cli/bin/tallylight.js');
