/* global document, fetch, IntersectionObserver, MediaSource */
// A picture of each listed stream: one keyframe out of its newest segments, decoded by a video element that nobody sees.
// Never more than one at a time, each every ten seconds, and only of what is seen of the list.
import { addressOf, pathOf } from './streams.js';

const everyMs = 10_000;
/** A stream has to have this long to give a keyframe and the browser to decode it. */
const patienceMs = 10_000;
/** More than a part with a keyframe ever has. */
const maxBytes = 8 * 1024 * 1024;

export class Thumbnails {
  /** By canvas: `{ stream, drawnAt }`. */
  #wanted = new Map();
  #seen = new Set();
  #isDrawing = false;
  #timer;
  #observer =
    globalThis.MediaSource &&
    new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) this.#seen.add(target);
        else this.#seen.delete(target);
      }
      void this.#next();
    });

  constructor() {
    document.addEventListener('visibilitychange', () => void this.#next());
  }

  /** @param pictures `{ stream, canvas }` of each stream that is listed */
  follow(pictures) {
    if (!this.#observer) return;
    const listed = new Set(pictures.map(({ canvas }) => canvas));
    for (const canvas of this.#wanted.keys()) {
      if (listed.has(canvas)) continue;
      this.#wanted.delete(canvas);
      this.#seen.delete(canvas);
      this.#observer.unobserve(canvas);
    }
    for (const { stream, canvas } of pictures) {
      const known = this.#wanted.get(canvas);
      if (!known) this.#observer.observe(canvas);
      // Another publisher's picture is another one.
      const drawnAt = known?.stream.since === stream.since ? known.drawnAt : 0;
      this.#wanted.set(canvas, { stream, drawnAt });
    }
    void this.#next();
  }

  async #next() {
    clearTimeout(this.#timer);
    if (this.#isDrawing || document.visibilityState === 'hidden') return;
    const [oldest] = [...this.#wanted]
      .filter(([canvas, { stream }]) => this.#seen.has(canvas) && stream.video)
      .sort(([, a], [, b]) => a.drawnAt - b.drawnAt);
    if (!oldest) return;
    const [canvas, entry] = oldest;
    const wait = entry.drawnAt + everyMs - Date.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => void this.#next(), wait);
      return;
    }
    this.#isDrawing = true;
    try {
      await draw(canvas, entry.stream, AbortSignal.timeout(patienceMs));
    } catch {
      // It has ended, or this browser cannot decode it: the place stays as it is.
    }
    const now = this.#wanted.get(canvas);
    if (now) now.drawnAt = Date.now();
    this.#isDrawing = false;
    void this.#next();
  }
}

async function draw(canvas, stream, signal) {
  const path = pathOf(stream);
  const index = await text(addressOf(stream, '/index.m3u8'), signal);
  const codec = /CODECS="([^",]+)/.exec(index)?.[1];
  const [name] = lastMatch(index, /^(video\.m3u8.*)$/gm);
  if (!name) return;
  const playlist = await text(`${path}/${name}`, signal);
  const [init] = lastMatch(playlist, /#EXT-X-MAP:URI="([^"]+)"/g);
  const [part] = lastMatch(playlist, /#EXT-X-PART:.*URI="([^"]+)",INDEPENDENT=YES/g);
  const type = `video/mp4; codecs="${codec}"`;
  if (!init || !part || !MediaSource.isTypeSupported(type)) return;
  const pieces = [await bytes(`${path}/${init}`, signal), await bytes(`${path}/${part}`, signal)];

  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'auto';
  const source = new MediaSource();
  const url = URL.createObjectURL(source);
  try {
    const opened = happened(source, 'sourceopen', signal);
    video.src = url;
    await opened;
    const buffer = source.addSourceBuffer(type);
    for (const piece of pieces) {
      const taken = happened(buffer, 'updateend', signal);
      buffer.appendBuffer(piece);
      await taken;
    }
    const loaded = happened(video, 'seeked', signal);
    video.currentTime = buffer.buffered.start(0);
    await loaded;
    const context = canvas.getContext('2d');
    const scale = Math.min(canvas.width / video.videoWidth, canvas.height / video.videoHeight);
    const [width, height] = [video.videoWidth * scale, video.videoHeight * scale];
    context.fillRect(0, 0, canvas.width, canvas.height);
    const [x, y] = [(canvas.width - width) / 2, (canvas.height - height) / 2];
    context.drawImage(video, x, y, width, height);
    canvas.dataset.drawn = 'true';
  } finally {
    URL.revokeObjectURL(url);
    video.removeAttribute('src');
    video.load();
  }
}

const lastMatch = (playlist, pattern) => [...playlist.matchAll(pattern)].at(-1)?.slice(1) ?? [];

async function text(url, signal) {
  return (await answer(url, signal)).text();
}

async function bytes(url, signal) {
  const response = await answer(url, signal);
  if (Number(response.headers.get('content-length')) > maxBytes) throw new Error('too long');
  return response.arrayBuffer();
}

async function answer(url, signal) {
  // Whoever looks at the list is no viewer of what is in it, and the server counts.
  const response = await fetch(url, { signal, headers: { 'x-purpose': 'preview' } });
  if (!response.ok) throw new Error(`${response.status}`);
  return response;
}

/** Rejects when the signal is aborted first. */
function happened(target, name, signal) {
  return new Promise((resolve, reject) => {
    target.addEventListener(name, resolve, { once: true, signal });
    target.addEventListener('error', () => reject(new Error(name)), { once: true, signal });
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
