import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as deadlines from '../packages/engine/src/outputs/rtmp/reconnect-deadlines.js';
import { stepReconnect } from '../packages/engine/src/outputs/rtmp/reconnect-machine.js';
import { shownState } from '../packages/engine/src/outputs/rtmp/shown-state.js';
import { drawReconnectMachine, withDrawing } from '../scripts/reconnect-drawing.mjs';

const drawing = await drawReconnectMachine({ stepReconnect, shownState, ...deadlines });

test('ARCHITECTURE.md shows the reconnect machine as it is; `node scripts/draw-reconnect-machine.mjs` draws it', () => {
  const page = readFileSync(new URL('../ARCHITECTURE.md', import.meta.url), 'utf8');
  expect(page).toBe(withDrawing(page, drawing));
});

test('each state of the drawing has a deadline or a way out for people, but for the one at the end', () => {
  const rows = drawing.split('\n').filter((line) => /^\| [a-z]+ +\|/.test(line));
  const stuck = rows
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, , , deadline, people]) => deadline === '–' && people === '–')
    .map(([, state]) => state);
  expect(stuck).toEqual(['ended']);
  expect(rows).toHaveLength(10);
});
