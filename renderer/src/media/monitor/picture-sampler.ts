import { describePicture, raster, type SeenPicture } from './picture-raster.js';

interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Looks at pictures as the monitor does. */
export interface PictureSampler {
  /** @param shape width by height of what the picture is fitted into, with bars; its own where absent. */
  look(at: number, image: CanvasImageSource, size: PictureSize, shape?: number): SeenPicture;
}

/** Milliseconds of the clock that windows and workers share. */
export const pictureClock = (): number => performance.timeOrigin + performance.now();

export function createPictureSampler(): PictureSampler {
  const { width, height } = raster;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  return {
    look: (at, image, size, shape = size.width / size.height) => {
      if (!context) return { at, cells: new Float32Array() };
      const area = fittedArea(size, shape);
      context.imageSmoothingQuality = 'medium';
      context.fillStyle = 'black';
      context.fillRect(0, 0, width, height);
      context.drawImage(image, area.x, area.y, area.width, area.height);
      return describePicture(at, lumaOf(context.getImageData(0, 0, width, height).data));
    },
  };
}

/** The luma of pixels as a canvas has them (ITU-R BT.709). */
function lumaOf(rgba: Uint8ClampedArray): Uint8ClampedArray {
  const luma = new Uint8ClampedArray(rgba.length / 4);
  for (let pixel = 0; pixel < luma.length; pixel++) {
    const at = pixel * 4;
    luma[pixel] =
      0.2126 * (rgba[at] ?? 0) + 0.7152 * (rgba[at + 1] ?? 0) + 0.0722 * (rgba[at + 2] ?? 0);
  }
  return luma;
}

/** Where in the raster a picture lies that is fitted to one of `shape`. */
function fittedArea(
  picture: PictureSize,
  shape: number,
): PictureSize & { readonly x: number; readonly y: number } {
  const ratio = picture.width / picture.height / shape;
  const width = raster.width * Math.min(1, ratio);
  const height = raster.height * Math.min(1, 1 / ratio);
  return { x: (raster.width - width) / 2, y: (raster.height - height) / 2, width, height };
}
