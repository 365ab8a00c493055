// `npm run test:busy [-- RUNS] [-- --busy-only]`: `npm test` by itself, and then, once or RUNS times, beside a busy loop for
// each core. All must be green; says how long each took.
import { spawn } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';

const args = process.argv.slice(2);
const busyOnly = args.includes('--busy-only');
const runs = Number(args.find((arg) => arg !== '--busy-only') ?? 1);
if (!Number.isInteger(runs) || runs < 1) {
  console.error('usage: npm run test:busy [-- RUNS] [-- --busy-only]');
  process.exit(2);
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const loops = new Set();

function startLoops() {
  for (let core = 0; core < availableParallelism(); core += 1) {
    // It looks now and then whether it has been left alone, so that not even a SIGKILL of this script leaves it behind.
    const program = `const parent = process.ppid;
      for (let i = 0; ; i += 1) if (i % 1e7 === 0 && process.ppid !== parent) process.exit();`;
    loops.add(spawn(process.execPath, ['-e', program], { stdio: 'ignore' }));
  }
}

function stopLoops() {
  for (const loop of loops) loop.kill('SIGKILL');
  loops.clear();
}

process.on('exit', stopLoops);
/** @type {import('node:child_process').ChildProcess | undefined} */
let testRun;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    if (testRun?.pid) process.kill(-testRun.pid, 'SIGTERM');
    process.exit(1);
  });
}

/**
 * In a process group of its own, so that whatever it started ends with this script, too.
 *
 * @returns {Promise<number>} its exit code
 */
function npmTest() {
  return new Promise((resolve, reject) => {
    testRun = spawn('npm', ['test'], { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    testRun.once('error', reject);
    testRun.once('exit', (code) => {
      testRun = undefined;
      resolve(code ?? 1);
    });
  });
}

/** @param {string} how */
async function timed(how) {
  const load = loadavg()[0]?.toFixed(1);
  const begun = Date.now();
  const code = await npmTest();
  const seconds = Math.round((Date.now() - begun) / 1000);
  const took = `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return {
    line: `${how}: ${code === 0 ? 'green' : 'FAILED'} in ${took}, load ${load} before`,
    code,
  };
}

const results = busyOnly ? [] : [await timed('alone')];
for (let i = 1; i <= runs; i += 1) {
  startLoops();
  results.push(await timed(`beside ${loops.size} busy loops`));
  stopLoops();
}
console.log(`\ntest:busy\n${results.map(({ line }) => line).join('\n')}`);
process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1;
