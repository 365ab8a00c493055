import {
  destinationsOf,
  soundBehind,
  type BroadcastSnapshot,
  type DestinationStatus,
  type Health,
  type SystemInfo,
} from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { liveShare } from './live-share.js';
import type { MonitorFault } from './monitor-faults.js';
import { lostRatio, missedFrames, silentSeconds } from './broadcast-figures.js';
import { sentences } from './sentences.js';
import { formatKilobits, formatPercent } from './number-format.js';
import {
  isWithServer,
  offAirSentence,
  type HealthSentence,
  type HealthTone,
} from './off-air-sentence.js';
import type { ReadinessInput } from './readiness.js';
import { isOnlyRecorded, runningRecording, type Stage } from './stage.js';
import { destinationNames } from './profile-text.js';
import { spaceLeft } from './space-left.js';
import { slowNetworkNotes } from './slow-network-notes.js';
import { formatTimeOfDay } from './time-format.js';
import { connectingText } from './status-text.js';

export type { HealthTone };

export interface HealthSentenceInput {
  readonly stage: Stage;
  readonly snapshot: BroadcastSnapshot;
  /** The engine is gone. */
  readonly lost: boolean;
  readonly shell: SystemInfo['shell'];
  readonly failureShown: boolean;
  readonly ready: ReadinessInput;
  /** Of the broadcast, which another window may have begun with other choices. Bits, and frames, per second. */
  readonly wanted: { readonly videoBitrate?: number | undefined; readonly fps: number };
  readonly messages: WindowMessages;
  /** What is wrong with what viewers of a destination get, where that is watched. */
  readonly seen?: { readonly outputId: string; readonly faults: readonly MonitorFault[] };
}

export function healthSentence(input: HealthSentenceInput): HealthSentence {
  const { messages } = input;
  const { t } = messages;
  switch (input.stage) {
    case 'off-air':
      return offAirSentence(input);
    case 'recording':
      return recordedSentence(input);
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
      return {
        ...{ tone: 'busy', word: t('window.health.stopping'), detail: '' },
        text: isOnlyRecorded(input.snapshot) ? t('window.recording.health.stopping') : '',
      };
    case 'live': {
      const told = slowNetworkNotes(input.snapshot, messages);
      const sentence = seenByViewers(input, withNotes(input, told, live(input)));
      const notes = [
        sendsTestPicture(input.snapshot) ? t('window.health.testOnAir') : '',
        hasNoSound(input.snapshot) ? t('window.health.noSoundOnAir') : '',
        littleSpace(input),
      ];
      // Why one has it not stands beside who that is.
      const besides = lostBesides(input);
      const rest =
        besides.length > 0 ? [sentence.text, ...besides, ...notes] : [...notes, sentence.text];
      return { ...sentence, text: sentences(messages, onlySome(input), ...rest) };
    }
    case 'reconnecting':
      return away(input);
  }
}

/** Off air, and kept on this machine. */
function recordedSentence(input: HealthSentenceInput): HealthSentence {
  const { snapshot, messages } = input;
  const { t } = messages;
  const isPaused = runningRecording(snapshot)?.isPaused === true;
  const space = littleSpace(input);
  return {
    tone: isPaused || space !== '' ? 'fair' : 'good',
    word: t(isPaused ? 'window.recording.health.pausedWord' : 'window.recording.health.word'),
    text: sentences(
      messages,
      space,
      t(isPaused ? 'window.recording.health.paused' : 'window.recording.health.text'),
    ),
    detail: snapshot.liveAt === undefined ? '' : t('window.recording.health.goesOn'),
  };
}

/** Which disk has no room for much more of the recording. */
function littleSpace({ snapshot, messages }: HealthSentenceInput): string {
  const running = runningRecording(snapshot);
  return running ? spaceLeft(running, messages) : '';
}

/** Who has it, where some have not. */
function onlySome({ snapshot, messages }: HealthSentenceInput): string {
  const { live: count, all, without } = liveShare(snapshot);
  if (count === 0 || without.length === 0) return '';
  const names = destinationNames(without, messages);
  return messages.t('window.destinations.liveOn', { live: count, all, names });
}

/** From this share on viewers may notice. */
const noticedShare = 0.01;

/** What is lost here, too, where a server that is away, silent or has refused is the worst of it. */
function lostBesides({ snapshot, messages }: HealthSentenceInput): string[] {
  const { health } = snapshot;
  if (!health || !['reconnecting', 'silent', 'failed'].includes(health.cause)) return [];
  const { lostRatio, droppedRatio, measuredMs } = health;
  const told = (key: 'slowComputer' | 'dropped', ratio: number): string[] =>
    ratio > noticedShare
      ? [
          messages.t(`window.health.${key}`, {
            share: formatPercent(ratio, messages),
            seconds: Math.floor(measuredMs / 1000),
          }),
        ]
      : [];
  return [...told('slowComputer', lostRatio), ...told('dropped', droppedRatio)];
}

/** However well it is sent: where viewers see that something is wrong with it, it is not good. */
function seenByViewers(input: HealthSentenceInput, sentence: HealthSentence): HealthSentence {
  const { seen, snapshot, messages } = input;
  const [fault] = seen?.faults ?? [];
  const destination = destinationsOf(snapshot).find(({ id }) => id === seen?.outputId);
  if (!fault || !destination) return sentence;
  const told = messages.t(`window.monitor.health.${fault.type}`, {
    name: destinationNames([destination], messages),
    time: formatTimeOfDay(fault.since, messages),
  });
  return withNotes(input, [told], sentence);
}

/** Says first what is not good, whatever else is. */
function withNotes(
  { messages }: HealthSentenceInput,
  notes: readonly string[],
  sentence: HealthSentence,
): HealthSentence {
  if (notes.length === 0) return sentence;
  if (sentence.tone === 'fair' || sentence.tone === 'poor')
    return { ...sentence, text: sentences(messages, ...notes, sentence.text) };
  const word = messages.t('window.health.fair');
  return { tone: 'fair', word, text: sentences(messages, ...notes), detail: sentence.text };
}

/** Colour bars must not be taken for a camera, which whoever looks at the lamp expects. */
const sendsTestPicture = ({ captureSteps }: BroadcastSnapshot): boolean =>
  captureSteps.some(
    ({ phase, detail }) =>
      phase === 'camera' && typeof detail === 'object' && detail.reason === 'test-picture',
  );

/** Whoever goes live without a microphone must not take "Good" for heard. Where sound fails to come, that is said. */
const hasNoSound = ({ statistics, health }: BroadcastSnapshot): boolean =>
  statistics?.audio.frames === 0 && health?.cause !== 'sound';

function live(input: HealthSentenceInput): HealthSentence {
  const { snapshot, wanted, messages } = input;
  const { videoBitrate, fps } = wanted;
  const { health } = snapshot;
  const { t } = messages;
  if (!health)
    return {
      tone: 'neutral',
      word: t('window.health.watching'),
      text: '',
      detail: '',
    };
  const since = t('window.health.since', { time: formatTimeOfDay(health.since, messages) });
  const word = t(`window.health.${health.level}`);
  const share = formatPercent(health.droppedRatio, messages);
  const base = { tone: health.level, word };
  const rate = (frames: number) => ({
    fps: messages.number(Math.min(frames, fps), { maximumFractionDigits: 1 }),
    wanted: fps,
  });
  /** What the figures are of: at first less than ten seconds. */
  const seconds = Math.floor(health.measuredMs / 1000);
  const everyFrame =
    lostRatio(snapshot) > 0 || missedFrames(snapshot) > 0
      ? t('window.health.everyFrameLately', { seconds })
      : t('window.health.everyFrame');
  // The word stays for some seconds after the last loss; a figure of nothing would refute it.
  if (health.isRecovering) {
    return { ...base, text: t('window.health.recovering'), detail: since };
  }
  const { presence } = snapshot;
  const isAway = presence === 'slate' || presence === 'paused';
  // A slow way to the server, or a slow computer, is worse.
  if (isAway && health.cause !== 'network' && health.cause !== 'computer') {
    const text = t(`window.health.${presence}`);
    return { tone: 'fair', word: t('window.health.fair'), text, detail: '' };
  }
  if (isShownAsNothing(health, fps)) return { ...base, text: everyFrame, detail: since };
  switch (health.cause) {
    case 'none':
      return { ...base, text: everyFrame, detail: since };
    case 'network':
      if (health.level === 'good') break;
      return {
        ...base,
        // That the network is slow has been said where the bitrate was lowered for it.
        text: t(
          `window.health.${slowNetworkNotes(snapshot, messages).length > 0 ? 'dropped' : 'slowNetwork'}`,
          { share, seconds },
        ),
        detail: sentences(messages, since, lessBitrate(snapshot, videoBitrate, messages)),
      };
    case 'computer':
      if (health.level === 'good') break;
      return {
        ...base,
        text: t('window.health.slowComputer', {
          share: formatPercent(health.lostRatio, messages),
          seconds,
        }),
        detail: sentences(messages, since, t('window.health.closePrograms')),
      };
    case 'camera':
      if (health.level === 'good') break;
      // Only a computer that is too slow draws too few of them.
      if (sendsTestPicture(snapshot)) {
        return {
          ...base,
          text: t('window.health.slowDrawing', rate(health.cameraFps ?? health.fps)),
          detail: sentences(messages, since, t('window.health.closePrograms')),
        };
      }
      return {
        ...base,
        text: t('window.health.slowCamera', rate(health.cameraFps ?? health.fps)),
        detail: sentences(messages, since, t('window.health.darkRoom')),
      };
    case 'sound': {
      const frames = snapshot.statistics?.audio.frames ?? 0;
      const remedy = frames === 0 ? 'checkMicrophone' : 'otherEngine';
      return {
        ...base,
        text: messages.wording(soundBehind({ frames, behindMs: health.soundBehindMs })),
        detail: sentences(messages, since, t(`window.health.${remedy}`)),
      };
    }
    case 'source':
      break;
    case 'away':
      return { ...base, text: t('window.health.wasAway', { seconds }), detail: '' };
    case 'reconnecting':
      return {
        ...base,
        text: t('window.health.reconnecting', { names: names(input, 'reconnecting') }),
        detail: sentences(messages, since, t('window.health.nothingToDo')),
      };
    case 'silent': {
      const silent = destinationsOf(snapshot).filter(({ silentMs }) => silentMs !== undefined);
      const seconds = silent.map(silentSeconds);
      const [least, most] = [Math.min(...seconds), Math.max(...seconds)];
      const told = destinationNames(silent, messages);
      return {
        ...base,
        text:
          least === most
            ? t('window.health.silent', { names: told, seconds: most })
            : t('window.health.silentSeveral', { names: told, least, most }),
        detail: t('window.health.silentThen'),
      };
    }
    case 'failed': {
      const failed = destinationsOf(snapshot).find(({ state }) => state === 'failed');
      const told = failed?.lastError && messages.error(failed.lastError);
      const isOneOfSeveral = liveShare(snapshot).without.length > 1;
      const why =
        failed && told && isOneOfSeveral
          ? t('window.health.whyOne', {
              name: destinationNames([failed], messages),
              reason: told.message,
            })
          : told?.message;
      return {
        ...base,
        text: why ?? t('window.health.failed', { names: names(input, 'failed') }),
        detail: sentences(messages, told?.remedy ?? '', t('window.health.othersGoOn')),
      };
    }
  }
  return { ...base, text: t('window.health.fewFrames', rate(health.fps)), detail: since };
}

/** What a source sends in bursts may be less than this share of the wanted rate for a while, and nothing is missing. */
const steadyShare = 0.97;

/** Whether the rate that would be told of what goes well is, as it is written, the wanted one, or sways about it. */
function isShownAsNothing({ level, cause, fps }: Health, wanted: number): boolean {
  if (level !== 'good') return false;
  if (cause === 'none') return true;
  if (cause === 'source' || cause === 'camera') return fps >= wanted * steadyShare;
  return Math.round(fps * 10) >= Math.round(wanted * 10);
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
        : t('window.health.since', { time: formatTimeOfDay(Math.min(...lostAt), messages) }),
  };
}

const names = (
  { snapshot, messages }: HealthSentenceInput,
  state: DestinationStatus['state'],
): string =>
  destinationNames(
    destinationsOf(snapshot).filter((destination) => destination.state === state),
    messages,
  );

/** What helps a slow network, where it is not done already. */
function lessBitrate(
  { videoBitrate: picture }: BroadcastSnapshot,
  wanted: number | undefined,
  messages: WindowMessages,
): string {
  // What is sent as it is has the bitrate that it has.
  if (wanted === undefined || (picture && picture.adaptation !== 'off')) return '';
  const fourFifths = Math.max(300_000, Math.floor((wanted * 0.8) / 100_000) * 100_000);
  const kilobits = formatKilobits(fourFifths, messages);
  return messages.t(`window.health.${picture ? 'lowerLimit' : 'lowerBitrate'}`, { kilobits });
}
