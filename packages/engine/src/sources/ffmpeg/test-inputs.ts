import { pictureCode, type Encoding } from '@tallylight/contract';
import { pictureQueue, soundQueue, type FfmpegInput } from './ffmpeg-input.js';

type PictureSize = Pick<Encoding, 'width' | 'height' | 'fps'>;

/** Sound of the test beep, in seconds from each full second. */
const beepSeconds = 0.1;

/**
 * A moving picture with a running clock, and a white box that flashes at each full second. The clock is testsrc2's
 * own: drawtext needs a font, which many builds of ffmpeg do not find. Along its upper edge the time is drawn as a code,
 * from which the monitor measures how late viewers see it.
 */
function testPicture({ width, height, fps }: PictureSize): string {
  // Drawn at half size where it is large: the clock becomes readable, and it costs a quarter.
  const half = width >= 640 && width % 4 === 0 && height % 4 === 0;
  const size = half ? `${width / 2}x${height / 2}` : `${width}x${height}`;
  // From the frame nearest to the full second; at least one frame however low the rate.
  const flash = `lt(mod(t+${0.5 / fps},1),${Math.max(0.09, 1 / fps)})`;
  return [
    `testsrc2=size=${size}:rate=${fps}`,
    // Darker than it comes, so that the flash stands out.
    'lutyuv=y=16+(val-16)*0.6',
    `drawbox=x=iw/8:y=ih/8:w=iw*3/4:h=ih*3/4:color=white:t=fill:enable='${flash}'`,
    ...codeBoxes(),
    ...(half ? [`scale=${width}:${height}:flags=neighbor`] : []),
  ].join(',');
}

/** The cells of {@link pictureCode}, each a box that is there or not; only what is light is drawn on black. */
function codeBoxes(): string[] {
  const { cells, heightShare, stepMs, checkMask } = pictureCode;
  const box = (cell: number, count: number, color: string, rest = ''): string =>
    `drawbox=x=iw*${cell}/${cells}:y=0:w=iw*${count}/${cells}:h=ih*${heightShare}:color=${color}:t=fill${rest}`;
  const steps = `floor(t*${1000 / stepMs}+0.5)`;
  /** The sum of those bits of the time, of which the last digit is what they have in common. */
  const bits = (...places: number[]): string =>
    places.map((place) => `floor(${steps}/${2 ** place})`).join('+');
  const when = (expression: string): string => `:enable='${expression}'`;
  const odd = (sum: string): string => when(`mod(${sum},2)`);
  const even = (sum: string): string => when(`not(mod(${sum},2))`);
  const valueCell = (index: number): string => box(2 + index, 1, 'white', odd(bits(15 - index)));
  const checkCell = (index: number): string => {
    const place = 3 - index;
    const sum = bits(place, place + 4, place + 8, place + 12);
    const isTurned = ((checkMask >> place) & 1) === 1;
    return box(18 + index, 1, 'white', isTurned ? even(sum) : odd(sum));
  };
  return [
    box(0, cells, 'black'),
    ...[box(0, 1, 'white'), box(cells - 1, 1, 'white')],
    ...Array.from({ length: 16 }, (_, index) => valueCell(index)),
    ...Array.from({ length: 4 }, (_, index) => checkCell(index)),
  ];
}

/** A tone of 1 kHz at each full second, and silence between. */
const testBeep = (): string =>
  `aevalsrc=exprs='0.5*sin(2*PI*1000*t)*lt(mod(t,1),${beepSeconds})':sample_rate=48000`;

/**
 * @param beside a device whose timestamps the test signal must share; ffmpeg's `-re` knows only the input's own.
 */
export function testPictureInput(size: PictureSize, beside: boolean): FfmpegInput {
  return lavfi(testPicture(size), beside ? 'realtime' : undefined, { video: true, audio: false });
}

export function testBeepInput(beside: boolean): FfmpegInput {
  return lavfi(testBeep(), beside ? 'arealtime' : undefined, { video: false, audio: true });
}

function lavfi(
  graph: string,
  pace: 'realtime' | 'arealtime' | undefined,
  tracks: { video: boolean; audio: boolean },
): FfmpegInput {
  const args =
    pace === undefined
      ? ['-re', '-f', 'lavfi', '-i', graph]
      : [
          ...['-use_wallclock_as_timestamps', '1', ...(tracks.video ? pictureQueue : soundQueue)],
          ...['-f', 'lavfi', '-i', `${graph},${pace}`],
        ];
  return { args, ...tracks, clock: pace === undefined ? 'own' : 'wall' };
}
