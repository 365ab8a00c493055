import type { Locator } from '@playwright/test';
import jsQr from 'jsqr';

/** What a phone would read from the picture of a code, as it stands on the screen. */
export async function readQrCode(code: Locator): Promise<string | undefined> {
  const png = (await code.screenshot()).toString('base64');
  // The window's own page may load no such picture.
  const page = await code.page().context().newPage();
  try {
    const { pixels, width, height } = await page.evaluate(async (encoded) => {
      const image = new Image();
      image.src = `data:image/png;base64,${encoded}`;
      await image.decode();
      const { width, height } = image;
      const context = new OffscreenCanvas(width, height).getContext('2d');
      context?.drawImage(image, 0, 0);
      return {
        pixels: [...(context?.getImageData(0, 0, width, height).data ?? [])],
        width,
        height,
      };
    }, png);
    return jsQr(new Uint8ClampedArray(pixels), width, height)?.data;
  } finally {
    await page.close();
  }
}
