// Runs inside the virtual machine of device-vm.integration.test.ts, on its real camera and sound card.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const command = new URL('../bin/tallylight.js', import.meta.url).pathname;
const out = process.env.DEVICE_VM_OUT ?? '.';
const camera = '/dev/video0';

/** @param {string[]} args */
function start(args) {
  const child = spawn(process.execPath, [command, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      TALLYLIGHT_DATA_DIR: join(out, '..', 'tallylight-data'),
      TALLYLIGHT_SECRETS: 'key-file',
    },
  });
  const lines = createInterface({ input: child.stdout });
  /** @type {Promise<number | null>} */
  const code = new Promise((resolve) => child.once('exit', resolve));
  /** @type {any[]} */
  const seen = [];
  lines.on('line', (line) => seen.push(JSON.parse(line)));
  const closed = new Promise((resolve) => lines.once('close', resolve));
  /** @param {(line: any) => boolean} accept @returns {Promise<any>} */
  const line = (accept) =>
    new Promise((resolve, reject) => {
      lines.on('line', (text) => accept(JSON.parse(text)) && resolve(JSON.parse(text)));
      lines.once('close', () =>
        reject(new Error(`${args[0]} ended without that line: ${JSON.stringify(seen)}`)),
      );
    });
  const result = async () => {
    const exit = await code;
    await closed;
    return { code: exit, summary: seen.at(-1) };
  };
  return { child, line, result };
}

const devices = await start(['devices', '--json']).result();

const server = start(['serve', '--json', '--rtmp', '127.0.0.1:0', '--http', '127.0.0.1:0']);
const { rtmp } = await server.line(({ state }) => state === 'listening');
const url = `${rtmp}/live/camera`;

// A size that the camera lacks: it gives 320×180, which is fitted.
const size = ['--size', '336x188', '--fps', '10'];
const publisher = start([
  ...['publish', '--json', '--source', `camera:${camera},mic:hw:Loopback,1,0`, '--to', url],
  ...[...size, '--duration', '300', '--video-bitrate', '400k'],
]);
await server.line(({ state }) => state === 'published');
// Plays to the end of the stream, which comes when enough was played: a command takes its time to start here.
const player = start(['play', url, '--json', '--output', join(out, 'played.flv')]);
await player.line(({ type, audio }) => type === 'stats' && audio.frames > 100);
publisher.child.kill('SIGINT');
const [played, published] = await Promise.all([player.result(), publisher.result()]);

// Somebody else has the camera; cheap, for this machine is emulated.
const holder = spawn('ffmpeg', [
  ...['-v', 'info', '-f', 'v4l2', '-video_size', '320x180', '-i', camera],
  ...['-c', 'copy', '-f', 'null', '-'],
]);
await new Promise((resolve) =>
  holder.stderr.on('data', (data) => String(data).includes('Output #0') && resolve(undefined)),
);
const second = await start([
  ...['publish', '--json', '--source', `camera:${camera}`, '--to', `${rtmp}/live/second`],
  ...[...size, '--duration', '2'],
]).result();
holder.kill('SIGKILL');
server.child.kill('SIGTERM');
await server.result();

writeFileSync(join(out, 'results.json'), JSON.stringify({ devices, published, played, second }));
