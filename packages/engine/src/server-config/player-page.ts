import type { ServerConfigWords } from '@tallylight/messages/server-config';
import { block, comment, type Lines } from './config-text.js';
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

// What follows stands in single quotes of nginx, in which a dollar sign would begin a variable.

const pageScript = String.raw`const name = new URLSearchParams(location.search).get("stream") || "";
const path = encodeURIComponent(name);
const find = (what) => document.querySelector(what);
const video = find("video");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const get = async (url) => {
  const answer = await fetch(url, { cache: "no-cache" });
  if (!answer.ok) throw new Error(url);
  return answer;
};
const show = (id) => {
  for (const each of ["waiting", "none"]) find("#" + each).hidden = each !== id;
};
const list = (address) => {
  find("ul").appendChild(document.createElement("li")).textContent = address;
};
video.onplaying = () => show("");
list("rtmp://" + location.hostname + ":" + rtmpPort + "/" + app + "/" + name);
`;

const hlsScript = String.raw`const hls = "/hls/" + path + ".m3u8";
list(location.origin + hls);
if (video.canPlayType("application/vnd.apple.mpegurl")) ways.push(async () => {
  await get(hls);
  video.src = hls;
  await new Promise((done) => { video.onended = video.onerror = done; });
});
`;

// The list of nginx's module has a template with the time of a segment, and a line with the time of each. It is done when
// nothing new came for a while, or when the times begin again, as they do with the next broadcast.
const dashScript = String.raw`const dash = "/dash/" + path + ".mpd";
list(location.origin + dash);
if (window.MediaSource) ways.push(async () => {
  await get(dash);
  const source = new MediaSource();
  video.src = URL.createObjectURL(source);
  await new Promise((done) => { source.onsourceopen = done; });
  const append = async ({ buffer }, file) => {
    const bytes = await (await get("/dash/" + file)).arrayBuffer();
    await new Promise((done, fail) => {
      buffer.onupdateend = done;
      buffer.onerror = fail;
      buffer.appendBuffer(bytes);
    });
  };
  let tracks;
  for (let idle = 0; idle < 15 && !video.error; idle += 1) {
    const text = await (await get(dash)).text();
    const found = [...new DOMParser().parseFromString(text, "text/xml").querySelectorAll("Representation")];
    const template = (track, what) => track.querySelector("SegmentTemplate").getAttribute(what);
    if (!tracks) {
      tracks = found.map((track) => {
        const codecs = ";codecs=\"" + track.getAttribute("codecs") + "\"";
        return { last: -1, buffer: source.addSourceBuffer(track.getAttribute("mimeType") + codecs) };
      });
      for (const [i, track] of found.entries()) await append(tracks[i], template(track, "initialization"));
    }
    for (const [i, each] of found.entries()) {
      const track = tracks[i];
      const times = [...each.querySelectorAll("S")].map((one) => Number(one.getAttribute("t")));
      if (Math.max(...times) < track.last) return;
      for (const time of track.last < 0 ? times.slice(-3) : times) {
        if (time <= track.last) continue;
        await append(track, template(each, "media").replace("\x24Time\x24", time));
        track.last = time;
        idle = 0;
      }
    }
    const { buffered } = video;
    const start = buffered.length ? buffered.start(buffered.length - 1) : 0;
    if (video.currentTime < start) video.currentTime = start;
    await wait(1000);
  }
});
`;

const runScript = String.raw`const run = async () => {
  const [play] = ways;
  if (!play) return show("none");
  for (;;) {
    await play().catch(() => undefined);
    show("waiting");
    await wait(2000);
  }
};
if (name) {
  find("input").value = name;
  find("main").hidden = false;
  run();
}
`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** In single quotes of nginx. A dollar sign would begin a variable there. */
function quoted(text: string): string {
  if (text.includes('$')) throw new Error('a dollar sign in the player page');
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}
