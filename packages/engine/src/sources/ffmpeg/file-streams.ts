/** One picture track of a file, as ffmpeg describes it. */
export interface FileVideo {
  /** Its place among all tracks of the file, of whatever kind. */
  readonly index: number;
  /** By ffmpeg's name. */
  readonly codec: string;
  /** By ffmpeg's name, such as `yuv420p10le`; undefined where it could not be found out. */
  readonly pixelFormat: string | undefined;
  /** By ffmpeg's name, such as `smpte2084`; undefined where nothing is said. */
  readonly transfer: string | undefined;
  readonly isInterlaced: boolean;
  /** Pixels, before it is turned. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** Frames per second on average. */
  readonly fps: number | undefined;
  /** Bits per second. */
  readonly bitrate: number | undefined;
  /** Counterclockwise degrees by which a player turns it, as ffmpeg counts them. */
  readonly rotation: number;
}

interface FileAudio {
  readonly index: number;
  readonly codec: string;
  readonly bitrate: number | undefined;
}

/** The tracks of a file that are sent, and what it holds besides. */
export interface FileStreams {
  /** ffmpeg's name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly format: string;
  /** Undefined where nobody knows: of a stream that was recorded, or of a picture. */
  readonly durationMs: number | undefined;
  readonly video: FileVideo | undefined;
  readonly audio: FileAudio | undefined;
  /** Further pictures and sounds, which are not sent. */
  readonly otherVideos: number;
  readonly otherAudios: number;
}

interface Described {
  readonly index: number;
  readonly kind: 'Video' | 'Audio';
  readonly codec: string;
  /** What stands after the codec, and the lines below it. */
  readonly details: string;
}

/** Reads the description that `ffmpeg -i FILE` prints. A cover picture is no video. */
export function parseFileStreams(stderr: string): FileStreams {
  const [input = ''] = stderr.split(/^Output #/m);
  const tracks = input
    .split(/^\s*Stream #/m)
    .slice(1)
    .flatMap(parseTrack);
  const videos = tracks.filter(({ kind, details }) => kind === 'Video' && !isCover(details));
  const audios = tracks.filter(({ kind }) => kind === 'Audio');
  // Covers that are not marked as such, and thumbnails of films, come beside the film.
  const films = videos.filter(({ codec }) => !pictureCodecs.has(codec));
  const video = preferred(films.length > 0 ? films : videos);
  const audio = preferred(audios);
  return {
    format: /^Input #0, (.*?), from /m.exec(input)?.[1] ?? '',
    durationMs: durationOf(input),
    video: video && describeVideo(video),
    audio: audio && {
      ...{ index: audio.index, codec: audio.codec },
      bitrate: bitrateOf(firstLine(audio.details)),
    },
    otherVideos: Math.max(0, films.length - 1),
    otherAudios: Math.max(0, audios.length - 1),
  };
}

function durationOf(input: string): number | undefined {
  const [, hours, minutes, seconds] = /^ *Duration: (\d+):(\d+):([\d.]+)/m.exec(input) ?? [];
  if (seconds === undefined) return undefined;
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000);
}

const pictureCodecs = new Set(['mjpeg', 'png', 'gif', 'bmp', 'webp', 'tiff']);

const isCover = (details: string): boolean => details.includes('(attached pic)');

/** What the file itself says is to be played, else the first. */
const preferred = (tracks: readonly Described[]): Described | undefined =>
  tracks.find(({ details }) => /^[^\n]*\(default\)/.test(details)) ?? tracks[0];

function parseTrack(text: string): Described[] {
  const match = /^\d+:(\d+)[^\n]*?: (Video|Audio): (\w+)([^]*)$/.exec(text);
  if (!match) return [];
  const [, index = '', kind, codec = '', details = ''] = match;
  return [{ index: Number(index), kind: kind === 'Video' ? 'Video' : 'Audio', codec, details }];
}

function describeVideo({ index, codec, details }: Described): FileVideo {
  const line = firstLine(details);
  // `, yuv420p10le(tv, bt2020nc/bt2020/smpte2084, progressive)`: range, colors and fields as far as they are known.
  const [, pixelFormat, qualities = ''] =
    /, ([a-z][a-z0-9]*(?:le|be)?)(?:\(([^)]*)\))?, \d+x\d+/.exec(line) ?? [];
  const [, width, height] = /, (\d+)x(\d+)[ ,]/.exec(`${line},`) ?? [];
  const colors = qualities.split(', ').find((part) => part.includes('/'));
  // Where the three are the same, it stands there once.
  const transfer = colors?.split('/')[2] ?? qualities.split(', ').find((q) => hdrTransfers.has(q));
  return {
    ...{ index, codec, pixelFormat, transfer },
    isInterlaced: /\b(?:top|bottom) (?:first|coded first)/.test(qualities),
    width: width === undefined ? undefined : Number(width),
    height: height === undefined ? undefined : Number(height),
    fps: numberIn(/, ([\d.]+) fps/, line),
    bitrate: bitrateOf(line),
    rotation: Number(/rotation of (-?[\d.]+) degrees/.exec(details)?.[1] ?? 0),
  };
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

const numberIn = (pattern: RegExp, text: string): number | undefined => {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
};

function bitrateOf(line: string): number | undefined {
  const kilobits = numberIn(/, (\d+) kb\/s/, line);
  return kilobits === undefined || kilobits === 0 ? undefined : kilobits * 1000;
}

const hdrTransfers = new Set(['smpte2084', 'arib-std-b67']);

/** Whether its light is meant for a screen of high dynamic range (PQ or HLG). */
export const isHdr = ({ transfer }: Pick<FileVideo, 'transfer'>): boolean =>
  transfer !== undefined && hdrTransfers.has(transfer);

/** Whether all players of H.264 show it: 8 bits, and color at half the resolution. Where nothing is known, it is. */
export const isPlainFormat = ({
  pixelFormat = 'yuv420p',
}: Pick<FileVideo, 'pixelFormat'>): boolean => /^(?:yuvj?420p|nv12)$/.test(pixelFormat);

/** Whether each frame of its sound has a header of its own, by which the format may change. */
export const hasAdts = ({ format, audio }: Pick<FileStreams, 'format' | 'audio'>): boolean =>
  format === 'mpegts' && audio?.codec === 'aac';

/** Whether it is a single picture, which has no length of its own. */
export const isStill = ({ format }: Pick<FileStreams, 'format'>): boolean =>
  format === 'image2' || format.endsWith('_pipe');
