// `npm run dev`: the app in a browser, served from its sources. What changes in the renderer shows at once; a change in the
// packages or the command line bundles the engine anew and starts it again. Arguments go to `tallylight studio`.
//
// --json tells programs on stdout when it is ready and when the engine runs anew.
import { relative, sep } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { DevEngine } from './dev-engine.mjs';
import { startDevWindow } from './dev-window.mjs';
import { endWithNpm } from './end-with-npm.mjs';

/** Editors write a file in several steps, and save several files at a time. */
const settleMs = 100;

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2).filter((arg) => arg !== '--json');
const json = process.argv.includes('--json');

endWithNpm('dev');
const interrupted = new Promise((resolve) => {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, resolve);
  }
});

const engine = new DevEngine(root, args);
const window = await startDevWindow(root, () => engine.address);

/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;
/** One update after the other, so that no two bundle at a time. */
let updating = update();

window.watcher.add(['packages', 'cli/src'].map((path) => `${root}${path}`));
window.watcher.on('all', (_, path) => {
  if (!isEngineSource(path)) return;
  clearTimeout(soon);
  soon = setTimeout(() => {
    updating = updating.then(update);
  }, settleMs);
});

await updating;
tell({ type: 'ready', url: window.url }, `Tallylight is ready; its link works once: ${window.url}`);
await interrupted;
clearTimeout(soon);
await updating;
await engine.stop();
await window.close();
process.exit();

async function update() {
  const state = await engine.update();
  if (state === 'same') return;
  const { pid } = engine.address ?? {};
  if (state === 'broken') {
    const until = pid === undefined ? 'There is no engine' : 'The engine before it goes on';
    tell({ type: 'engine', state }, `${until} until that is mended.`);
    return;
  }
  tell({ type: 'engine', state, pid }, `The engine runs (process ${String(pid)}).`);
  window.reload();
}

function isEngineSource(/** @type {string} */ path) {
  const parts = relative(root, path).split(sep);
  const place = parts[0] === 'packages' ? parts[2] : parts[1];
  return place === 'src' && !path.includes('.test.');
}

/** @param {object} event for programs @param {string} text for people */
function tell(event, text) {
  console.error(text);
  if (json) console.log(JSON.stringify(event));
}
