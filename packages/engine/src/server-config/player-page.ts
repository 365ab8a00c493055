import type { ServerConfigWords } from '@tallylight/messages/server-config';
import { block, comment, type Lines } from './config-text.js';
import { dashScript, hlsScript, pageScript, runScript } from './player-scripts.js';
import type { ServerConfigOptions } from './server-config-options.js';

/** What nginx takes as one argument is shorter than this, in bytes. */
export const longestArgument = 4_000;

/**
 * A page that plays a stream by its name, within the configuration: nginx has no other place for it. HLS is played by the
 * browser itself where it can; else DASH is, with what every browser has for it. It loads nothing from elsewhere.
 */
export function playerPage(options: ServerConfigOptions, words: ServerConfigWords): Lines {
  const parts = {
    head: pageHead(words),
    body: pageBody(words),
    script: `<script>\n${facts(options)}${pageScript}`,
    ...(options.hls && { hls: hlsScript }),
    ...(options.dash && { dash: dashScript }),
    end: `${runScript}</script>\n`,
  };
  return [
    comment(words.nginx.page),
    block(
      'location = /',
      "default_type 'text/html; charset=utf-8';",
      'add_header Cache-Control no-cache;',
      Object.entries(parts).map(([name, text]) => `set $page_${name} ${quoted(text)};`),
      `return 200 ${Object.keys(parts)
        .map((name) => `$page_${name}`)
        .join('')};`,
    ),
  ];
}

const pageHead = ({ page }: ServerConfigWords): string =>
  `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
  `<title>${escaped(page.title)}</title><style>` +
  `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}` +
  `video{display:block;width:100%;aspect-ratio:16/9;background:#000;margin:1rem 0}input,button{font:inherit;padding:.3em .6em}` +
  `li{overflow-wrap:anywhere}</style>`;

const pageBody = ({ page }: ServerConfigWords): string =>
  `\n<h1>${escaped(page.title)}</h1>\n` +
  `<form><label>${escaped(page.stream)} <input name="stream" required></label> <button>${escaped(page.play)}</button></form>` +
  `<main hidden><video controls autoplay muted playsinline></video>` +
  `<p id="waiting" role="status">${escaped(page.waiting)}</p>` +
  `<p id="none" role="status" hidden>${escaped(page.noBrowser)}</p>` +
  `<p>${escaped(page.elsewhere)}</p><ul></ul></main>`;

const facts = ({ app, rtmp }: ServerConfigOptions): string =>
  `const app = ${JSON.stringify(app)}, rtmpPort = ${rtmp.port}, ways = [];\n`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** In single quotes of nginx. A dollar sign would begin a variable there. */
function quoted(text: string): string {
  if (text.includes('$')) throw new Error('a dollar sign in the player page');
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}
