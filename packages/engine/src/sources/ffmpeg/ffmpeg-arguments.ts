import { inputDescriptor, outputDescriptors } from '../../ffmpeg/output-descriptors.js';
import type { Encoding } from '@tallylight/contract';
import type { FfmpegInput } from './ffmpeg-input.js';
import { hasAdts, type FileStreams } from './file-streams.js';
import { pictureFilter, type PictureTraits } from './picture-filter.js';
import { videoEncoder, videoEncoderArgs } from '../../devices/video-encoders.js';

const previewSize = { width: 640, fps: 10 } as const;

const quiet = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'warning'] as const;
const progress = ['-progress', `pipe:${outputDescriptors.progress}`] as const;
/** Each packet goes out when it is there. A track that stalls holds the other up for two seconds, not ten. */
const flvOutput = [
  ...['-flush_packets', '1', '-max_interleave_delta', '2000000'],
  ...['-flvflags', 'no_duration_filesize', '-f', 'flv', `pipe:${outputDescriptors.media}`],
] as const;

export interface EncodeRequest {
  readonly inputs: readonly FfmpegInput[];
  readonly encoding: Encoding;
  /** ffmpeg's name of the video encoder. */
  readonly encoder: string;
  /** Small pictures to descriptor 3, and the sound for a level meter to descriptor 5. */
  readonly preview: boolean;
  /** When each frame of the picture came, to descriptor 6, before any is dropped or repeated. */
  readonly frameTimes?: boolean;
  readonly traits?: PictureTraits;
}

/** Arguments to capture, encode, and write FLV to stdout. */
export function encodeArguments(request: EncodeRequest): string[] {
  const { inputs, encoding, encoder, preview, frameTimes = false, traits } = request;
  const filter = pictureFilter(encoding, videoEncoder(encoder).format, traits);
  const video = trackOf(inputs, 'video') ?? '0:v:0';
  const audio = trackOf(inputs, 'audio');
  // One input starts at zero by itself. Two that share the wall clock keep it until the muxer, which then takes the
  // earlier of the two as zero; otherwise ffmpeg would set each to zero and lose how far apart they began.
  const sharedClock = inputs.length > 1 && inputs.every((input) => input.clock === 'wall');
  return [
    ...[...quiet, ...progress, ...(videoEncoder(encoder).globalArgs ?? [])],
    ...(sharedClock ? ['-copyts'] : []),
    ...inputs.flatMap((input) => input.args),
    ...['-map', video, '-vf', filter],
    ...videoEncoderArgs(encoder, encoding),
    ...(audio === undefined ? ['-an'] : audioArguments(audio, encoding)),
    ...(sharedClock ? ['-avoid_negative_ts', 'make_zero'] : []),
    ...flvOutput,
    ...(preview ? pictureOutput(video, sharedClock) : []),
    ...(preview && audio !== undefined ? soundOutput(audio) : []),
    ...(frameTimes ? frameTimesOutput(video) : []),
  ];
}

/** The track to be sent, as ffmpeg's `-map` names it; undefined where there is none. */
function trackOf(inputs: readonly FfmpegInput[], kind: 'video' | 'audio'): string | undefined {
  const at = inputs.findIndex((input) => input[kind]);
  if (at < 0) return undefined;
  return `${at}:${inputs[at]?.tracks?.[kind] ?? (kind === 'video' ? 'v:0' : 'a:0')}`;
}

const audioArguments = (track: string, { audioBitrate }: Encoding): string[] => [
  ...['-map', track, '-c:a', 'aac', '-b:a', `${audioBitrate}`],
  // `async` fills the gaps that a device leaves when it loses samples, and trims what it has too much.
  ...['-ac', '2', '-ar', '48000', '-af', 'aresample=async=1'],
];

/**
 * @param wallClock whether times do not begin at zero: this output's must, or ffmpeg fills the time before with copies.
 * Only devices have such times. In a file or stream of several sizes, ffmpeg makes its filters anew for each, and what
 * sets times to zero would do so again: all pictures up to the time before are then left out.
 */
const pictureOutput = (track: string, wallClock = false): string[] => [
  ...['-map', track, '-an', '-c:v', 'mjpeg', '-q:v', '6', '-pix_fmt', 'yuvj420p'],
  '-vf',
  `${wallClock ? 'setpts=PTS-STARTPTS,' : ''}fps=${previewSize.fps},scale=${previewSize.width}:-2`,
  ...['-flush_packets', '1', '-f', 'mjpeg', `pipe:${outputDescriptors.preview}`],
];

/** Samples of 16 bits, as the host has them. */
const soundOutput = (track: string): string[] => [
  ...['-map', track, '-vn', '-c:a', 'pcm_s16le', '-ac', '2', '-ar', '48000'],
  ...['-flush_packets', '1', '-f', 's16le', `pipe:${outputDescriptors.sound}`],
];

/** Arguments to make only small pictures, and the sound for a level meter, of the FLV that it is given. */
export const previewArguments = (hasAudio: boolean): string[] => [
  ...[...quiet, '-fflags', 'nobuffer', '-probesize', '500000', '-analyzeduration', '500000'],
  ...['-f', 'flv', '-i', `pipe:${inputDescriptor}`],
  ...pictureOutput('0:v:0'),
  ...(hasAudio ? soundOutput('0:a:0') : []),
];

/** The same of a file, as time goes by. */
export const filePreviewArguments = (file: FileRequest, hasAudio: boolean): string[] => [
  ...[...quiet, ...fileInput(file).args],
  // A cover is no film.
  ...pictureOutput('0:V:0'),
  ...(hasAudio ? soundOutput('0:a:0') : []),
];

/**
 * Pictures as soon as they are decoded. Those that come sooner after another than `leastSeconds` are left out, and no
 * filter, encoder or thread holds one back for the next: how late they are is measured. They keep their own times instead
 * of a constant rate, which would repeat one late. Counted they cannot be: ffmpeg makes its filters anew where the picture
 * changes its size. (`-fps_mode` is new in ffmpeg 5.1; `-vsync` is older, and still understood.)
 */
const promptPictures = ({ width, leastSeconds } = monitorSize): string[] => [
  ...['-map', '0:v:0', '-an', '-c:v', 'mjpeg', '-q:v', '6', '-pix_fmt', 'yuvj420p'],
  '-vf',
  [
    `select='isnan(prev_selected_t)+gte(abs(t-prev_selected_t),${leastSeconds})'`,
    `scale=${width}:-2`,
  ].join(','),
  ...['-vsync', 'vfr', '-enc_time_base:v', '1:1000', '-threads:v', '1'],
  ...['-flush_packets', '1', '-f', 'mjpeg', `pipe:${outputDescriptors.preview}`],
];

const monitorSize = { width: 480, leastSeconds: 0.075 } as const;

/** By frames, its threads would each hold one back. */
const promptDecoding = ['-thread_type', 'slice', '-fflags', 'nobuffer'] as const;

/** Arguments to make the monitor's pictures, and the sound for a level meter, of the FLV that it is given. */
export const monitorArguments = (hasAudio: boolean): string[] => [
  ...[...quiet, ...promptDecoding, '-probesize', '500000', '-analyzeduration', '500000'],
  ...['-f', 'flv', '-i', `pipe:${inputDescriptor}`],
  ...promptPictures(),
  ...(hasAudio ? soundOutput('0:a:0') : []),
];

/**
 * The same of a playlist or manifest, of which it is given the address, where no other program can read it. Segments come
 * in one piece and are shown in their time, as a player does.
 */
export const playlistMonitorArguments = (hasAudio: boolean): string[] => [
  ...[...quiet, ...promptDecoding, '-re', '-f', 'concat', '-safe', '0'],
  ...['-protocol_whitelist', 'pipe,http,https,tcp,tls,crypto,httpproxy'],
  ...['-i', `pipe:${inputDescriptor}`],
  ...promptPictures(),
  ...(hasAudio ? soundOutput('0:a:0') : []),
];

/** A line of milliseconds for each frame as it comes; what is in the frame is not even read. */
const frameTimesOutput = (track: string): string[] => [
  ...['-map', track, '-an', '-c', 'copy', '-flush_packets', '1'],
  ...['-f', 'mkvtimestamp_v2', `pipe:${outputDescriptors.frameTimes}`],
];

const adtsOutput = (track: string): string[] => [
  ...['-map', track, '-c', 'copy', '-flush_packets', '1'],
  ...['-f', 'adts', `pipe:${outputDescriptors.sound}`],
];

export interface FileRequest {
  readonly path: string;
  /** Begin again at its end, for ever. */
  readonly loop?: boolean;
  /** A single picture: shown for so many seconds, or without end, since it has no length of its own. */
  readonly still?: boolean;
  readonly stillSeconds?: number;
  /** Where to begin, in milliseconds of the file; copies begin at the keyframe before. */
  readonly startMs?: number;
}

/** A file in real time. The prefix keeps `-x.mp4` and `http:x` what they are: names of files. */
export const fileInput = (
  { path, loop = false, still = false, stillSeconds, startMs = 0 }: FileRequest,
  streams?: FileStreams,
): FfmpegInput => ({
  args: [
    '-re',
    ...repeat(loop, still, stillSeconds === undefined ? undefined : stillSeconds - startMs / 1000),
    // Before the input: it goes to the keyframe before by the file's index, and only decodes from there.
    ...(startMs > 0 && !still ? ['-ss', (startMs / 1000).toFixed(3)] : []),
    ...['-i', `file:${path}`],
  ],
  video: true,
  audio: streams === undefined || streams.audio !== undefined,
  ...(streams && { tracks: { video: streams.video?.index, audio: streams.audio?.index } }),
  clock: 'own',
});

function repeat(loop: boolean, still: boolean, stillSeconds: number | undefined): string[] {
  if (still) {
    return ['-loop', '1', ...(stillSeconds === undefined ? [] : ['-t', `${stillSeconds}`])];
  }
  return loop ? ['-stream_loop', '-1'] : [];
}

/** Arguments to send a file's picture and sound as they are. */
export function copyArguments(file: FileRequest, streams: FileStreams, preview: boolean): string[] {
  const input = fileInput(file, streams);
  const video = trackOf([input], 'video') ?? '0:v:0';
  const audio = trackOf([input], 'audio');
  return [
    ...[...quiet, ...progress, ...input.args],
    // First, so that a header is there before its frame.
    ...(audio === undefined || !hasAdts(streams) ? [] : adtsOutput(audio)),
    ...['-map', video, ...(audio === undefined ? [] : ['-map', audio])],
    ...['-c', 'copy', ...flvOutput],
    ...(preview ? pictureOutput(video) : []),
  ];
}

/** Arguments to copy a file's first pictures as fast as they can be read. */
export function tryCopyArguments(path: string, streams: FileStreams): string[] {
  const [, ...input] = fileInput({ path }, streams).args;
  return [
    ...[...quiet, ...input, '-map', trackOf([fileInput({ path }, streams)], 'video') ?? '0:v:0'],
    ...['-c', 'copy', '-frames:v', '60', '-f', 'flv', `pipe:${outputDescriptors.media}`],
  ];
}
