import { AppError, appError } from '@tallylight/contract';
import { FlvDemuxer, type FlvItem } from 'node-rtmp-client';
import { within } from 'node-rtmp-client/async';
import type { StreamOrigin } from '../sources/stream/stream-origin.js';
import { hostOf, httpFailure } from './http-failure.js';

/** For an answer, and for each piece of what comes then. */
const silentMs = 15_000;

/** A stream that is pulled as FLV over HTTP. */
export class HttpFlvOrigin implements StreamOrigin {
  readonly name: string;
  readonly droppedFrames = 0;
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
    this.name = hostOf(url).host;
  }

  /** @throws AppError why there is none. */
  async *items(signal: AbortSignal): AsyncGenerator<FlvItem, void, undefined> {
    const over = new AbortController();
    const ending = AbortSignal.any([signal, over.signal]);
    try {
      const demuxer = new FlvDemuxer();
      for await (const bytes of this.#bytes(ending)) yield* demuxer.push(bytes);
    } catch (error) {
      if (signal.aborted) return;
      throw error instanceof AppError ? error : httpFailure(this.#url, error);
    } finally {
      over.abort();
    }
  }

  async *#bytes(signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const response = await this.#inTime(fetch(this.#url, { signal }));
    const { body, status } = response;
    if (!response.ok || !body) throw refusal(this.#url, status);
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    for (;;) {
      const { done, value } = await this.#inTime(reader.read());
      if (done) return;
      yield value;
    }
  }

  async #inTime<T>(promise: Promise<T>): Promise<T> {
    const outcome = await within(promise, silentMs);
    if (outcome !== 'late') return outcome;
    // Whatever comes of it is for nobody.
    promise.catch(() => undefined);
    const { host } = hostOf(this.#url);
    throw appError('NO_MEDIA_RECEIVED', { host, seconds: silentMs / 1000 });
  }
}

function refusal(url: string, status: number): AppError {
  const { host } = hostOf(url);
  if (status === 404 || status === 410) return appError('STREAM_NOT_FOUND', { host });
  return appError('PLAY_REFUSED', { host, reason: `HTTP ${status}` });
}
