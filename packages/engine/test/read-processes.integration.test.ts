import { createHook } from 'node:async_hooks';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { loadBetween } from '../src/program/program-load-watch.js';
import { readProcesses } from '../src/program/read-processes.js';

const burnMs = 600;

/** Says what it has cost by its own account, burns time, and says it again; then it rests. */
const burner = `
  const cost = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
  const say = (words) => process.stdout.write(words + '\\n');
  const held = Buffer.alloc(64 * 1024 * 1024, 1);
  const before = cost();
  say(process.pid + ' ' + before);
  process.stdin.once('data', () => {
    while (cost() - before < ${burnMs}) held.reverse();
    say(process.pid + ' ' + cost());
  });
`;
/** A child of ours that only starts another. */
const parent = `
  const { spawn } = require('node:child_process');
  spawn(process.execPath, ['-e', ${JSON.stringify(burner)}], { stdio: 'inherit' });
`;

test('a child of a child is found, with the time and the memory that it has cost by its own account', async () => {
  const child = spawn(process.execPath, ['-e', parent], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const said = async (): Promise<readonly number[]> => {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return line.toString().trim().split(' ').map(Number);
  };
  try {
    const [pid = NaN, costBefore = NaN] = await said();
    const before = await readProcesses([]);
    child.stdin.write('burn\n');
    const [, costAfter = NaN] = await said();
    const after = await readProcesses([]);
    const of = (reading: typeof before) => reading.processes.find((each) => each.pid === pid);
    for (const own of [process.pid, child.pid, pid]) {
      expect(after.processes.filter((each) => each.pid === own)).toHaveLength(1);
    }
    // The system counts in ticks of ten milliseconds, for user and system apart.
    expect(of(before)?.cpuMs).toBeGreaterThan(costBefore - 25);
    expect(of(after)?.cpuMs).toBeGreaterThan(costAfter - 25);
    const { cpu = NaN, memoryBytes = NaN } = loadBetween(before, after) ?? {};
    expect(cpu * (after.at - before.at)).toBeGreaterThan(burnMs - 50);
    expect(of(after)?.memoryBytes).toBeGreaterThan(64 * 1024 * 1024);
    expect(memoryBytes).toBeGreaterThan(of(after)?.memoryBytes ?? Infinity);
  } finally {
    child.stdin.end();
    await exited;
  }
});

test('one that descends from elsewhere is counted where it is named, and once', async () => {
  const { processes } = await readProcesses([1, process.pid]);
  const pids = processes.map(({ pid }) => pid);
  expect(pids).toContain(1);
  expect(new Set(pids).size).toBe(pids.length);
});

test('a process that is gone has no figures, and is no error', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  const { pid = NaN } = child;
  const { processes } = await readProcesses([pid]);
  expect(processes.map((each) => each.pid)).not.toContain(pid);
});

test('while there are no children, nothing is started to look for them', async () => {
  // The system's units are asked for once.
  await readProcesses([]);
  let started = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'PROCESSWRAP') started += 1;
    },
  }).enable();
  try {
    const { processes } = await readProcesses([]);
    expect(processes.map(({ pid }) => pid)).toEqual([process.pid]);
    expect(started).toBe(0);
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    const { processes: both } = await readProcesses([]);
    expect(both.map(({ pid }) => pid)).toContain(child.pid);
    expect(started).toBeGreaterThan(1);
    child.stdin.end();
    await once(child, 'exit');
  } finally {
    hook.disable();
  }
});
