// Draws the slates with Chromium, after `npx tsc -b`, and writes them where the engine has them as text: they are small,
// every bundle has them so, and ffmpeg gets them on its command line, without a file or a font to be found.
//
//   node scripts/draw-slate.mjs
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import { format, resolveConfig } from 'prettier';
import { createMessages, languages } from '../packages/messages/dist/index.js';

const target = new URL('../packages/engine/src/sources/slate/slate-pictures.ts', import.meta.url);
const size = { width: 1280, height: 720 };
/** The bars beside it in a stream of another shape have it, too. */
const background = '#12161c';

/** @param {string} words @param {string} language */
const page = (words, language) => `<!doctype html><html lang="${language}"><style>
  html, body { height: 100%; margin: 0; background: ${background}; color: #e6e9ee; }
  body { display: grid; place-content: center; justify-items: center; gap: 56px; }
  p { margin: 0; font: 500 72px "Noto Sans", "Noto Sans CJK SC", sans-serif; letter-spacing: .01em; }
  div { display: flex; gap: 22px; }
  i { width: 18px; height: 18px; border-radius: 50%; background: #e6e9ee; }
  i:nth-child(1) { opacity: .9 } i:nth-child(2) { opacity: .55 } i:nth-child(3) { opacity: .25 }
</style><body><p>${words}</p><div><i></i><i></i><i></i></div></body></html>`;

// Debian's, as in e2e/browser.ts; elsewhere Playwright's own.
const debians = '/usr/bin/chromium';
const browser = await chromium.launch({
  ...(existsSync(debians) && { executablePath: debians }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const drawn = [];
for (const language of languages) {
  const tab = await browser.newPage({ viewport: size });
  await tab.setContent(page(createMessages(language).t('slate.words'), language));
  const shot = await tab.screenshot();
  // Sixteen colors do for one of letters on another, and make a third of the bytes.
  const png = execFileSync(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'png_pipe', '-i', '-', '-vf'],
      'split[a][b];[a]palettegen=max_colors=16:reserve_transparent=0[p];[b][p]paletteuse=dither=none',
      ...['-frames:v', '1', '-pred', 'none', '-compression_level', '9', '-f', 'image2pipe'],
      ...['-c:v', 'png', '-'],
    ],
    { input: shot },
  );
  drawn.push(`  ${JSON.stringify(language)}: ${JSON.stringify(png.toString('base64'))},`);
}
await browser.close();

const text = `/** Made by scripts/draw-slate.mjs. */

/** The color of the slates, and of what is beside them in a stream of another shape. */
export const slateBackground = '${background}';

/** PNG in base64, by the language of the words in it. */
export const slatePictures = {
${drawn.join('\n')}
} as const;

export type SlateLanguage = keyof typeof slatePictures;
`;
const before = await readFile(target, 'utf8').catch(() => '');
const after = await format(text, { ...(await resolveConfig(target)), parser: 'typescript' });
if (before !== after) await writeFile(target, after);
