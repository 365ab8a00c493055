import {
  destinationsOf,
  describeError,
  type AppErrorInfo,
  type BroadcastSnapshot,
  type DestinationStatus,
  type Profile,
} from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
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
  readonly messages: WindowMessages;
}

export function healthSentence(input: HealthSentenceInput): HealthSentence {
  const { messages } = input;
  const { t } = messages;
  switch (input.stage) {
    case 'off-air':
      return offAir(input);
    case 'connecting':
      return {
        tone: 'busy',
        word: t('window.health.connecting'),
        text: connectingText(input.snapshot, messages),
        detail: isWithServer(input.snapshot)
          ? t('window.health.mayBeSeen')
          : t('window.health.nothingPublicYet'),
      };
    case 'cancelling': {
      const text = isWithServer(input.snapshot)
        ? t('window.health.takingBack')
        : t('window.health.nothingWasPublic');
      return { tone: 'busy', word: t('window.health.cancelling'), text, detail: '' };
    }
    case 'stopping':
      return {
        tone: 'busy',
        word: t('window.health.stopping'),
        text: t('window.health.sayingGoodbye'),
        detail: '',
      };
    case 'ending':
      return { tone: 'busy', word: t('window.health.stopping'), text: '', detail: '' };
    case 'live':
      return live(input);
    case 'reconnecting':
      return away(input);
  }
}

/** From publish on a server may show the stream, whatever we still wait for before we call it LIVE. */
function isWithServer(snapshot: BroadcastSnapshot): boolean {
  return destinationsOf(snapshot).some(({ steps }) =>
    steps.some(({ phase, state }) => phase === 'publish' && state === 'done'),
  );
}

function offAir(input: HealthSentenceInput): HealthSentence {
  const { snapshot, captureError, messages } = input;
  const { t } = messages;
  if (input.lost) {
    return {
      tone: 'poor',
      word: t('window.health.notReady'),
      text: messages.error(engineGone).message,
      detail: messages.error(engineGone).remedy,
    };
  }
  if (captureError) {
    return {
      tone: 'fair',
      word: t('window.health.notReady'),
      text: messages.error(captureError).message,
      detail: messages.error(captureError).remedy,
    };
  }
  const destination = destinationText(input);
  if (snapshot.error) {
    const wasLive = snapshot.liveAt !== undefined;
    return {
      tone: 'poor',
      word: t(wasLive ? 'window.health.brokeOff' : 'window.health.didNotGoLive'),
      text: t(wasLive ? 'window.health.safeUntilThen' : 'window.health.nothingWasPublic'),
      detail: destination,
    };
  }
  if (snapshot.state === 'ended' && snapshot.liveAt !== undefined) {
    const bytes = destinationsOf(snapshot).reduce((sum, { bytesSent }) => sum + bytesSent, 0);
    return {
      tone: 'neutral',
      word: t('window.health.ended'),
      text: t('window.health.endFigures', {
        time: formatClock(snapshot.onAirMs ?? 0),
        bytes: formatBytes(bytes, messages),
      }),
      detail: destination,
    };
  }
  const { profile, unsaved } = input;
  if (profile && !profile.hasKey && !unsaved) {
    const empty = describeError('EMPTY_KEY', { destination: profile.name });
    const { message, remedy } = messages.error(empty);
    return { tone: 'fair', word: t('window.health.notReady'), text: message, detail: remedy };
  }
  return {
    tone: 'good',
    word: t('window.health.ready'),
    text: t('window.health.allSet'),
    detail: destination,
  };
}

function destinationText({ unsaved, profile, messages }: HealthSentenceInput): string {
  const { t } = messages;
  if (unsaved) return t('window.health.unsavedProfile');
  if (!profile) return '';
  return t('window.health.goesTo', { profile: profile.name, url: profile.serverUrl });
}

function live(input: HealthSentenceInput): HealthSentence {
  const { health, snapshot, videoBitrate, fps, messages } = input;
  const { t } = messages;
  if (!health)
    return {
      tone: 'good',
      word: t('window.health.good'),
      text: t('window.health.youAreLive'),
      detail: '',
    };
  const since = t('window.health.since', { time: timeOfDay(health.since, messages) });
  const word = t(`window.health.${health.level}`);
  const share = formatPercent(health.droppedRatio, messages);
  const base = { tone: health.level, word };
  switch (health.cause) {
    case 'none':
      return { ...base, text: t('window.health.everyFrame'), detail: since };
    case 'network':
      return {
        ...base,
        text: t('window.health.slowNetwork', { share }),
        detail: `${since} ${t('window.health.lowerBitrate', { kilobits: lowerBitrate(videoBitrate, messages) })}`,
      };
    case 'capture':
      return {
        ...base,
        text: t('window.health.slowComputer', { share }),
        detail: `${since} ${t('window.health.closePrograms')}`,
      };
    case 'slow':
      return {
        ...base,
        text: t('window.health.fewFrames', {
          fps: (snapshot.statistics?.video.fps ?? 0).toFixed(0),
          wanted: fps,
        }),
        detail: `${since} ${t('window.health.darkRoom')}`,
      };
    case 'reconnecting':
      return {
        ...base,
        text: t('window.health.reconnecting', { names: names(input, 'reconnecting') }),
        detail: `${since} ${t('window.health.nothingToDo')}`,
      };
    case 'failed': {
      const failed = destinationsOf(snapshot).find(({ state }) => state === 'failed');
      const sentences = failed?.lastError && messages.error(failed.lastError);
      return {
        ...base,
        text: sentences?.message ?? t('window.health.failed', { names: names(input, 'failed') }),
        detail: `${sentences?.remedy ?? ''} ${t('window.health.othersGoOn')}`.trim(),
      };
    }
  }
}

/** Every server that was live is lost. */
function away(input: HealthSentenceInput): HealthSentence {
  const { snapshot, messages } = input;
  const { t } = messages;
  const lostAt = destinationsOf(snapshot).flatMap((destination) => destination.lostAt ?? []);
  return {
    tone: 'fair',
    word: t('window.health.nobodySeesYou'),
    text: t('window.health.reconnecting', { names: names(input, 'reconnecting') }),
    detail:
      lostAt.length === 0
        ? ''
        : t('window.health.since', { time: timeOfDay(Math.min(...lostAt), messages) }),
  };
}

const names = (
  { snapshot, messages }: HealthSentenceInput,
  state: DestinationStatus['state'],
): string =>
  new Intl.ListFormat(messages.language).format(
    destinationsOf(snapshot)
      .filter((destination) => destination.state === state)
      .map(({ name }) => name),
  );

/** Four fifths of it, in round hundreds. */
const lowerBitrate = (bitsPerSecond: number, messages: WindowMessages): string =>
  formatKilobits(
    Math.max(300_000, Math.floor((bitsPerSecond * 0.8) / 100_000) * 100_000),
    messages,
  );

const timeOfDay = (milliseconds: number, { language }: WindowMessages): string =>
  new Date(milliseconds).toLocaleTimeString(language, { hourCycle: 'h23' });

const engineGone = describeError('ENGINE_GONE');
