import {
  destinationsOf,
  describeError,
  type AppErrorInfo,
  type BroadcastSnapshot,
  type DestinationStatus,
  type Profile,
} from '@tallylight/contract';
import type { Health } from './health.js';
import { formatBytes, formatClock, formatKilobits, formatPercent } from './number-format.js';
import type { Stage } from './stage.js';
import { connectingText } from './status-text.js';

export type HealthTone = 'neutral' | 'good' | 'fair' | 'poor' | 'busy';

/** The one sentence at the bottom of the window: a word, what it means, and a line of detail. */
export interface HealthSentence {
  readonly tone: HealthTone;
  readonly word: string;
  readonly text: string;
  readonly detail: string;
}

export interface HealthSentenceInput {
  readonly stage: Stage;
  readonly snapshot: BroadcastSnapshot;
  readonly health: Health | undefined;
  /** The engine is gone. */
  readonly lost: boolean;
  /** The profile in the editor is not saved yet. */
  readonly unsaved: boolean;
  /** Why there is no picture, where there is none. */
  readonly captureError: AppErrorInfo | undefined;
  readonly profile: Profile | undefined;
  /** Bits per second. */
  readonly videoBitrate: number;
  readonly fps: number;
}

export function healthSentence(input: HealthSentenceInput): HealthSentence {
  switch (input.stage) {
    case 'off-air':
      return offAir(input);
    case 'connecting':
      return {
        tone: 'busy',
        word: 'Connecting.',
        text: connectingText(input.snapshot),
        detail: isWithServer(input.snapshot)
          ? 'The server already has the stream: viewers may see it.'
          : 'Nothing is public yet.',
      };
    case 'cancelling': {
      const text = isWithServer(input.snapshot)
        ? 'Taking the stream back from the server.'
        : 'Nothing was public.';
      return { tone: 'busy', word: 'Cancelling.', text, detail: '' };
    }
    case 'stopping':
      return {
        tone: 'busy',
        word: 'Stopping.',
        text: 'Sending what is left and saying goodbye to the server.',
        detail: '',
      };
    case 'live':
      return live(input);
  }
}

/** From publish on a server may show the stream, whatever we still wait for before we call it LIVE. */
function isWithServer(snapshot: BroadcastSnapshot): boolean {
  return destinationsOf(snapshot).some(({ steps }) =>
    steps.some(({ phase, state }) => phase === 'publish' && state === 'done'),
  );
}

function offAir(input: HealthSentenceInput): HealthSentence {
  const { snapshot, captureError } = input;
  if (input.lost) {
    return {
      tone: 'poor',
      word: 'Not ready.',
      text: 'Tallylight’s engine is gone.',
      detail: 'Restart Tallylight.',
    };
  }
  if (captureError) {
    return {
      tone: 'fair',
      word: 'Not ready.',
      text: captureError.message,
      detail: captureError.remedy,
    };
  }
  const destination = destinationText(input);
  if (snapshot.error) {
    const wasLive = snapshot.liveAt !== undefined;
    return {
      tone: 'poor',
      word: wasLive ? 'The broadcast broke off.' : 'Did not go live.',
      text: wasLive ? 'What was sent until then is safe with the server.' : 'Nothing was public.',
      detail: destination,
    };
  }
  if (snapshot.state === 'ended' && snapshot.liveAt !== undefined && snapshot.statistics) {
    const bytes = destinationsOf(snapshot).reduce((sum, { bytesSent }) => sum + bytesSent, 0);
    return {
      tone: 'neutral',
      word: 'Ended.',
      text: `${formatClock(snapshot.statistics.durationMs)} on air, ${formatBytes(bytes)} sent.`,
      detail: destination,
    };
  }
  const { profile, unsaved } = input;
  if (profile && !profile.hasKey && !unsaved) {
    const { message, remedy } = describeError('EMPTY_KEY', { destination: profile.name });
    return { tone: 'fair', word: 'Not ready.', text: message, detail: remedy };
  }
  return {
    tone: 'good',
    word: 'Ready.',
    text: 'Picture, sound and destination are set.',
    detail: destination,
  };
}

function destinationText({ unsaved, profile }: HealthSentenceInput): string {
  if (unsaved) return 'The profile has unsaved changes; Go Live saves them first.';
  return profile ? `Goes to ${profile.name}, ${profile.serverUrl}` : '';
}

function live({ health, snapshot, videoBitrate, fps }: HealthSentenceInput): HealthSentence {
  if (!health) return { tone: 'good', word: 'Good.', text: 'You are live.', detail: '' };
  const since = `Since ${timeOfDay(health.since)}.`;
  const word = { good: 'Good.', fair: 'Fair.', poor: 'Poor.' }[health.level];
  const base = { tone: health.level, word };
  switch (health.cause) {
    case 'none':
      return { ...base, text: 'Every frame arrives.', detail: since };
    case 'network':
      return {
        ...base,
        text: `The network is slow: ${formatPercent(health.droppedRatio)} of the frames dropped.`,
        detail: `${since} Next time choose ${lowerBitrate(videoBitrate)} kbit/s or less.`,
      };
    case 'capture':
      return {
        ...base,
        text: `The computer is too slow: ${formatPercent(health.droppedRatio)} of the frames lost.`,
        detail: `${since} Close other programs; a lower resolution helps too.`,
      };
    case 'slow':
      return {
        ...base,
        text: `${(snapshot.statistics?.video.fps ?? 0).toFixed(0)} of ${fps} frames a second arrive.`,
        detail: `${since} A dark room slows cameras down; so do other programs.`,
      };
    case 'reconnecting':
      return {
        ...base,
        text: `The connection to ${names(snapshot, 'reconnecting')} broke; trying again.`,
        detail: `${since} Nothing to do; check the network if it lasts.`,
      };
    case 'failed': {
      const failed = destinationsOf(snapshot).find(({ state }) => state === 'failed');
      return {
        ...base,
        text: failed?.lastError?.message ?? `${names(snapshot, 'failed')} failed.`,
        detail: `${failed?.lastError?.remedy ?? ''} The others go on.`.trim(),
      };
    }
  }
}

const names = (snapshot: BroadcastSnapshot, state: DestinationStatus['state']): string =>
  destinationsOf(snapshot)
    .filter((destination) => destination.state === state)
    .map(({ name }) => name)
    .join(' and ');

/** Four fifths of it, in round hundreds. */
const lowerBitrate = (bitsPerSecond: number): string =>
  formatKilobits(Math.max(300_000, Math.floor((bitsPerSecond * 0.8) / 100_000) * 100_000));

const timeOfDay = (milliseconds: number): string =>
  new Date(milliseconds).toLocaleTimeString('en-GB');
