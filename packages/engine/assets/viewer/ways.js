/* global document, localStorage */
// The ways in which a stream can come to the page, and which of them this browser can play.

const hasMse = Boolean(globalThis.MediaSource ?? globalThis.ManagedMediaSource);
// An iPhone plays HLS by itself, and before iOS 17.1 nothing else.
const hasNativeHls = document.createElement('video').canPlayType('application/vnd.apple.mpegurl');
const isManagedOnly = !globalThis.MediaSource && hasMse;

/** Where there is Media Source Extensions, the one with the least delay first; a library each, loaded when it is used. */
const withMse = {
  flv: () => import('./players/flv.js'),
  ws: () => import('./players/flv-socket.js'),
  hls: () => import('./players/hls.js'),
  dash: () => import('./players/dash.js'),
};
const nativeHls = () => import('./players/native-hls.js');

export const ways = Object.keys(withMse);

/**
 * A way's module; undefined where this browser has nothing that plays it. `load()`, where there is one, resolves when all
 * is there that `open(video, stream, failed)` needs, which takes over the element at once.
 */
export function loaderOf(way) {
  if (hasMse) return withMse[way];
  return way === 'hls' && hasNativeHls ? nativeHls : undefined;
}

export const canPlay = (way) => loaderOf(way) !== undefined;

/** What "automatic" tries, in this order. Managed sources leave loading to the browser, as HLS does anyway. */
export const automatic = (isManagedOnly ? ['hls', 'dash', 'flv'] : ['flv', 'hls', 'dash']).filter(
  canPlay,
);

const storageKey = 'tallylight-way';

/** The way that was chosen on this page before; `auto` where none was, or the browser keeps nothing for it. */
export function rememberedWay() {
  try {
    const way = localStorage.getItem(storageKey);
    return ways.includes(way) && canPlay(way) ? way : 'auto';
  } catch {
    return 'auto';
  }
}

export function rememberWay(way) {
  try {
    localStorage.setItem(storageKey, way);
  } catch {
    // It plays all the same.
  }
}
