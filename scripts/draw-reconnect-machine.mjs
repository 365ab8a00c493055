// Draws the states, events and deadlines of reconnecting into ARCHITECTURE.md, from the table that decides about it. The
// unit tests fail where the drawing is another.
//
//   node scripts/draw-reconnect-machine.mjs
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drawReconnectMachine, withDrawing } from './reconnect-drawing.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
execFileSync('npx', ['tsc', '-b', 'packages/engine'], { cwd: root, stdio: 'inherit' });
const compiled = new URL('../packages/engine/dist/outputs/rtmp/', import.meta.url);
const modules = await Promise.all(
  ['reconnect-machine.js', 'reconnect-deadlines.js', 'shown-state.js'].map(
    (name) => import(new URL(name, compiled)),
  ),
);
const page = new URL('../ARCHITECTURE.md', import.meta.url);
const drawing = await drawReconnectMachine(Object.assign({}, ...modules));
writeFileSync(page, withDrawing(readFileSync(page, 'utf8'), drawing));
