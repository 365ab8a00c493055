import { appError, reason } from '@tallylight/contract';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuiltInServer, type BroadcastSummary, type StartBroadcast } from '@tallylight/engine';
import { parseRtmpUrl, play } from 'node-rtmp-client';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import { decodeFrames } from './decode-frames.js';
import { FlvFile } from '../../flv-file.js';
import { FrameLog } from './frame-log.js';
import { openEngine } from '../../open-engine.js';
import { parseSeconds } from '../../option-values.js';
import type { Printer } from '../../printer.js';
import { emptyBroadcastSummary, runBroadcast } from '../../run-broadcast.js';
import { untilSilent } from '../../until-silent.js';

export interface DemoOptions {
  readonly seconds: string;
  readonly json?: boolean;
}

const encoding = {
  ...{ width: 640, height: 360, fps: 30 },
  ...{ videoBitrate: 1_000_000, audioBitrate: 128_000, keyframeInterval: 2 },
};
const anywhere = { host: '127.0.0.1', port: 0 };
const streamName = 'demo';

export const runDemo = (options: DemoOptions, deps: CliDependencies): Promise<void> =>
  deps.run(
    {
      json: options.json === true,
      emptySummary: { ...emptyBroadcastSummary, demo: { equal: false } },
    },
    (printer) => demo(options, deps, printer),
  );

async function demo(
  options: DemoOptions,
  deps: CliDependencies,
  printer: Printer,
): Promise<CommandResult> {
  const durationMs = parseSeconds('--seconds', options.seconds);
  const isInterrupted = (): boolean => deps.interrupted.aborted;
  const logger = deps.logger();
  const { t } = printer.messages;
  const engine = openEngine(deps);
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-demo-'));
  const server = new BuiltInServer({ logger });
  try {
    const { rtmp } = await server.start({ rtmp: anywhere, http: anywhere });
    const serverUrl = `rtmp://${rtmp.host}:${rtmp.port}/live`;
    if (isInterrupted()) {
      return { summary: { ...emptyBroadcastSummary, demo: { equal: false } } };
    }
    printer.say(t('cli.demo.begins', { url: serverUrl }));
    const source = engine.openSource(
      { type: 'capture', video: { type: 'test' }, audio: { type: 'test' } },
      encoding,
    );
    const captured = new FrameLog();
    const address = parseRtmpUrl(serverUrl);
    const target = { id: '1', name: 'Built-in server', address, streamKey: streamName };
    const file = join(folder, 'played.flv');
    const playback = playBack(server, serverUrl, file, deps.interrupted);
    // Its failure is told after the broadcast's, which is the likelier cause.
    playback.catch(() => undefined);
    const wanted: StartBroadcast = {
      source: captured.tap(source),
      encoding,
      outputs: [{ type: 'rtmp', target }],
      durationMs,
    };
    const result = await runBroadcast(engine, wanted, { interrupted: deps.interrupted, printer });
    if (result.error || isInterrupted()) return result;
    const played = await playback;
    printer.say(t('cli.demo.decoding'));
    const { path } = await engine.ffmpeg.find();
    const decoded = await decodeFrames(path, file, deps.interrupted);
    return compare(result.summary, { captured, played, decoded }, printer);
  } finally {
    await engine.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Watches the stream from its first frame to its end, and keeps what came. */
async function playBack(
  server: BuiltInServer,
  serverUrl: string,
  file: string,
  interrupted: AbortSignal,
): Promise<FrameLog> {
  await new Promise<void>((resolve) => {
    const unwatch = server.watch(({ type }) => {
      if (type !== 'published') return;
      unwatch();
      resolve();
    });
  });
  const address = parseRtmpUrl(serverUrl, { withKey: false });
  const player = await play({ address, streamKey: streamName, signal: interrupted });
  const played = new FrameLog();
  const flv = await FlvFile.open(file);
  try {
    for await (const item of untilSilent(player, interrupted, address.host)) {
      if (item.type === 'packet') played.add(item.packet);
      await flv.write(item);
    }
  } finally {
    await player.close();
    await flv.close();
  }
  return played;
}

interface Figures {
  /** What the source gave; a broadcast leaves out its odd ends, such as sound before the first picture. */
  readonly captured: FrameLog;
  readonly played: FrameLog;
  readonly decoded: number;
}

function compare(
  summary: BroadcastSummary,
  { captured, played, decoded }: Figures,
  printer: Printer,
): CommandResult {
  const [video, audio] = [summary.video.frames, summary.audio.frames];
  const equal =
    video > 0 &&
    decoded === video &&
    played.count('video') === video &&
    played.count('audio') === audio &&
    played.isRunOf(captured, 'video') &&
    played.isRunOf(captured, 'audio');
  const figures = {
    ...{ framesSent: video, framesPlayed: played.count('video'), framesDecoded: decoded },
    ...{ audioFramesSent: audio, audioFramesPlayed: played.count('audio'), equal },
  };
  const { t } = printer.messages;
  printer.say(`  ${t('cli.demo.sent', { frames: figures.framesSent })}`);
  printer.say(`  ${t('cli.demo.played', { frames: figures.framesPlayed })}`);
  printer.say(`  ${t('cli.demo.decoded', { frames: figures.framesDecoded })}`);
  const result = { summary: { ...summary, demo: figures } };
  if (equal) {
    printer.say(t('cli.demo.equal'));
    return result;
  }
  const { info: error } = appError('INTERNAL', {
    reason: reason('played-back-otherwise'),
  });
  printer.error(error);
  return { ...result, error };
}
