import { pictureCode, pictureCodeCells } from '@tallylight/contract';
import { isPulse } from './pulse.js';

/** The characters of the clock, each as a mask of `width` × `height` bytes, 255 where it is opaque. */
export interface Glyphs {
  readonly width: number;
  readonly height: number;
  readonly masks: ReadonlyMap<string, Uint8Array>;
}

/** Limited-range luma and chroma (BT.709) of the bars at 75 %: white, yellow, cyan, green, magenta, red, blue. */
const bars: readonly (readonly [y: number, u: number, v: number])[] = [
  [180, 128, 128],
  [168, 44, 136],
  [145, 147, 44],
  [133, 63, 52],
  [63, 193, 204],
  [51, 109, 212],
  [28, 212, 120],
];

const black = 16;
const panel = 32;
const white = 235;

/**
 * Paints the test picture as I420: colour bars with a running clock, a moving block, and below them a panel that
 * flashes each full second. Painting planes costs a fraction of what a canvas, its readback and its conversion do.
 */
export class TestPicture {
  readonly width: number;
  readonly height: number;
  readonly #fps: number;
  readonly #glyphs: Glyphs;
  readonly #base: Uint8Array;
  readonly #planes: Uint8Array<ArrayBuffer>;
  readonly #panelTop: number;

  /** `width` and `height` in pixels, even. */
  constructor(width: number, height: number, fps: number, glyphs: Glyphs) {
    this.width = width;
    this.height = height;
    this.#fps = fps;
    this.#glyphs = glyphs;
    this.#panelTop = 2 * Math.round(height / 3);
    this.#base = this.#paintBase();
    this.#planes = new Uint8Array(this.#base.length);
  }

  /**
   * The picture at `time`, in seconds of the clock that the beep shares; `clock` is the text of the running clock, `code`
   * the time that viewers' pictures are told apart by. The planes are valid until the next call.
   */
  paint(time: number, clock: string, code: number): Uint8Array<ArrayBuffer> {
    this.#planes.set(this.#base);
    const { width, height } = this;
    if (isPulse(time, this.#fps)) this.#fill(0, this.#panelTop, width, height, white);
    this.#paintBlock(time);
    this.#paintClock(clock);
    this.#paintCode(code);
    return this.#planes;
  }

  #paintBase(): Uint8Array {
    const { width, height } = this;
    const luma = width * height;
    const chromaWidth = width / 2;
    const base = new Uint8Array(luma + luma / 2).fill(128, luma);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const bar = bars[Math.floor((x * bars.length) / width)] ?? [black, 128, 128];
        const onPanel = y >= this.#panelTop;
        base[y * width + x] = onPanel ? panel : bar[0];
        if (onPanel || x % 2 === 1 || y % 2 === 1) continue;
        const chroma = luma + (y / 2) * chromaWidth + x / 2;
        base[chroma] = bar[1];
        base[chroma + luma / 4] = bar[2];
      }
    }
    return base;
  }

  /** A block that crosses the picture in four seconds, just above the panel. */
  #paintBlock(time: number): void {
    const size = Math.max(2, Math.round(this.height / 12));
    const left = Math.floor(((time % 4) / 4) * (this.width - size));
    this.#fill(left, this.#panelTop - size, left + size, this.#panelTop, black);
  }

  #paintCode(code: number): void {
    const bottom = Math.max(1, Math.round(this.height * pictureCode.heightShare));
    const edge = (cell: number): number => Math.round((this.width * cell) / pictureCode.cells);
    pictureCodeCells(code).forEach((isLight, cell) => {
      this.#fill(edge(cell), 0, edge(cell + 1), bottom, isLight ? white : black);
    });
  }

  #paintClock(text: string): void {
    const { width: glyphWidth, height: glyphHeight, masks } = this.#glyphs;
    const left = Math.max(0, Math.floor((this.width - glyphWidth * text.length) / 2));
    const top = Math.floor(this.height / 4);
    text.split('').forEach((character, index) => {
      const mask = masks.get(character);
      const x0 = left + index * glyphWidth;
      if (!mask || x0 + glyphWidth > this.width) return;
      for (let y = 0; y < glyphHeight; y++) {
        const row = (top + y) * this.width + x0;
        for (let x = 0; x < glyphWidth; x++) {
          const opacity = (mask[y * glyphWidth + x] ?? 0) / 255;
          this.#planes[row + x] = black + opacity * (white - black);
        }
      }
    });
  }

  /** Luma only: the panel has no colour, and what lies over the bars may keep theirs. */
  #fill(left: number, top: number, right: number, bottom: number, luma: number): void {
    for (let y = top; y < bottom; y++) {
      this.#planes.fill(luma, y * this.width + left, y * this.width + right);
    }
  }
}

/** What the clock shows: hours, minutes, seconds and hundredths of a time of day in seconds. */
export function clockText(timeOfDay: number): string {
  const hundredths = Math.floor(timeOfDay * 100 + 1e-6);
  const part = (value: number): string => String(value).padStart(2, '0');
  const seconds = Math.floor(hundredths / 100);
  return [
    `${part(Math.floor(seconds / 3600) % 24)}:${part(Math.floor(seconds / 60) % 60)}`,
    `:${part(seconds % 60)}.${part(hundredths % 100)}`,
  ].join('');
}
