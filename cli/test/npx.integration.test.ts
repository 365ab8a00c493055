import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { until } from '../../test/support/until.js';
import { buildCli } from './run-cli.js';

beforeAll(buildCli);

test('whoever ends npx ends what it has started', async () => {
  const port = `127.0.0.1:0`;
  const npx = spawn('npx', ['tallylight', 'serve', '--rtmp', port, '--http', port, '--json'], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const { pid = 0 } = npx;
  try {
    let output = '';
    npx.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    await until('the server', () => output.includes('"listening"'));
    const ended = once(npx.stdout, 'close');
    npx.kill('SIGTERM');
    await ended;
    // In order, to its last line.
    expect(output.trimEnd().split('\n').at(-1)).toContain('"type":"summary"');
  } finally {
    // The whole group: npx, its shell and the program.
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
  }
});
