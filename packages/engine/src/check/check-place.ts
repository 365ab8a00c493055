import { appError, type Upload } from '@tallylight/contract';
import { aborted, within } from 'node-rtmp-client/async';
import {
  play,
  publish as publishRtmp,
  type PhaseEvent,
  type RtmpError,
  type RtmpPhase,
  type RtmpPublisher,
  type ServerCertificate,
  type TlsOptions,
} from 'node-rtmp-client';
import { isSilentClose } from '../outputs/rtmp/destination-errors.js';
import { withoutKeys, type StreamPlace } from '../outputs/rtmp/stream-place.js';
import { measureUpload } from './measure-upload.js';

/** A phase of a check; `upload` is measured before it is known whether the server keeps the stream. */
export type CheckedPhase = RtmpPhase | 'upload' | 'stable';

export interface CheckPlaceOptions {
  /** Publishes; without it the server is asked as a player does. */
  readonly publish: boolean;
  /** For how long the upload is measured; not at all where absent. */
  readonly measureMs?: number | undefined;
  /** Behind the key, where the service has a way to publish that nobody sees. */
  readonly testQuery?: string | undefined;
  readonly signal: AbortSignal;
  readonly onBegin: (phase: CheckedPhase) => void;
  readonly onDone: (phase: CheckedPhase, elapsedMs: number | undefined, detail?: string) => void;
  readonly onCertificate?: ((certificate: ServerCertificate) => void) | undefined;
  readonly tls?: TlsOptions | undefined;
}

/** As long as a broadcast watches a server before it calls it stable. */
const stableMs = 5_000;
/** What is still under way after a measurement tells nothing any more. */
const closeMs = 1_000;

/**
 * Goes through the phases of a connection to `place`, and ends it.
 *
 * @returns the upload, where it was measured.
 * @throws RtmpError or AppError why a phase failed; nothing where `signal` was aborted.
 */
export async function checkPlace(
  place: StreamPlace,
  options: CheckPlaceOptions,
): Promise<Upload | undefined> {
  const { address } = place;
  const { signal, onBegin, onDone, onCertificate, tls } = options;
  const enough = new AbortController();
  const client = {
    ...{ address, onCertificate, tls },
    signal: AbortSignal.any([signal, enough.signal]),
    onPhase: ({ phase, state, elapsedMs, detail }: PhaseEvent): void => {
      if (state !== 'done') {
        onBegin(phase);
        return;
      }
      if (enough.signal.aborted) return;
      onDone(phase, elapsedMs, detail === undefined ? undefined : withoutKeys(detail, place));
      if (!options.publish && phase === 'connect') enough.abort();
    },
  };
  try {
    if (options.publish) return await publishShortly(place, options, client);
    // As a player, for a publisher's releaseStream could end a broadcast that is under way.
    await (await play({ ...client, streamKey: 'check' })).close();
  } catch (thrown) {
    if (!enough.signal.aborted && !signal.aborted) throw thrown;
  }
  return undefined;
}

async function publishShortly(
  { address, streamKey }: StreamPlace,
  { measureMs, testQuery, signal, onBegin, onDone }: CheckPlaceOptions,
  client: Omit<Parameters<typeof publishRtmp>[0], 'streamKey'>,
): Promise<Upload | undefined> {
  const test = testQuery === undefined ? '' : `${streamKey.includes('?') ? '&' : '?'}${testQuery}`;
  const publisher = await publishRtmp({ ...client, streamKey: streamKey + test });
  const begun = performance.now();
  try {
    let upload: Upload | undefined;
    if (measureMs !== undefined) {
      onBegin('upload');
      upload = await measured(publisher, measureMs, signal, address);
      if (!signal.aborted) onDone('upload', performance.now() - begun);
    }
    onBegin('stable');
    await keeps(publisher, stableMs - (performance.now() - begun), signal, address);
    if (!signal.aborted) {
      onDone('stable', Math.max(stableMs, performance.now() - begun));
      await publisher.close({ deadlineMs: closeMs });
    }
    return upload;
  } finally {
    // Does nothing to one that was closed.
    publisher.abort();
  }
}

interface Server {
  readonly host: string;
  readonly port: number;
}

/** Many close when they have looked at the key: that is what it failed by. */
const whyEnded = (error: RtmpError | undefined, { host, port }: Server): Error =>
  error !== undefined && !isSilentClose(error)
    ? error
    : appError('CLOSED_AFTER_PUBLISH', { host, port });

async function measured(
  publisher: RtmpPublisher,
  ms: number,
  signal: AbortSignal,
  server: Server,
): Promise<Upload | undefined> {
  const measuring = measureUpload(publisher, { ms, signal });
  const ended = publisher.closed.then((error) => {
    throw whyEnded(error, server);
  });
  try {
    return await Promise.race([measuring, ended, aborted(signal).then(() => undefined)]);
  } finally {
    measuring.catch(() => undefined);
    ended.catch(() => undefined);
  }
}

/** Waits whether the server keeps the stream. */
async function keeps(
  publisher: RtmpPublisher,
  ms: number,
  signal: AbortSignal,
  server: Server,
): Promise<void> {
  if (ms <= 0) return;
  const ended = publisher.closed.then((error) => ({ error }));
  const end = await within(Promise.race([ended, aborted(signal)]), ms);
  if (signal.aborted || end === 'late' || typeof end !== 'object') return;
  throw whyEnded(end.error, server);
}
