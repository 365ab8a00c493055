import {
  destinationsOf,
  everyDestination,
  describeError,
  fileListId,
  shortenMiddle,
  recordingsOf,
  soundNotSent,
  type BroadcastSnapshot,
  type DestinationStatus,
  type Phase,
  type SystemInfo,
} from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { mostNotSent, wasLive } from './broadcast-figures.js';
import { formatBytes, formatClock, formatPercent } from './number-format.js';
import { errorHere } from './error-here.js';
import { sentences } from './sentences.js';
import { namesOf } from './list-of.js';
import { destinationName, profileUrl } from './profile-text.js';
import { cautionSentence, missingSentence, readinessOf, type ReadinessInput } from './readiness.js';
import { isOnlyRecorded } from './stage.js';
import { targetName } from './targets.js';

export type HealthTone = 'neutral' | 'good' | 'fair' | 'poor' | 'busy';

/** The one sentence at the bottom of the window: a word, what it means, and a line of detail. */
export interface HealthSentence {
  readonly tone: HealthTone;
  readonly word: string;
  readonly text: string;
  readonly detail: string;
}

export interface OffAirInput {
  readonly snapshot: BroadcastSnapshot;
  /** The engine is gone. */
  readonly lost: boolean;
  readonly shell: SystemInfo['shell'];
  /** Its failure is still being said; once it is closed or mended, what counts is what comes next. */
  readonly failureShown: boolean;
  readonly ready: ReadinessInput;
  readonly messages: WindowMessages;
}

/** From publish on a server may show the stream, whatever we still wait for before we call it LIVE. */
export const isWithServer = (snapshot: BroadcastSnapshot): boolean => hasDone(snapshot, 'publish');

const hasDone = (snapshot: BroadcastSnapshot, wanted: Phase): boolean =>
  destinationsOf(snapshot).some(({ steps }) =>
    steps.some(({ phase, state }) => phase === wanted && state === 'done'),
  );

/** How the last broadcast ended, what is missing for the next, or that nothing is. */
export function offAirSentence(input: OffAirInput): HealthSentence {
  const { ready, lost, messages } = input;
  const { t } = messages;
  if (lost) {
    const { message, remedy } = messages.error(errorHere(engineGone, input.shell));
    const { snapshot } = input;
    const wasOnAir = snapshot.state === 'ended' && snapshot.liveAt !== undefined;
    // One that ends in order ends the broadcast first.
    const end = snapshot.error?.code === 'ENGINE_GONE' ? 'brokeOff' : 'ended';
    return {
      tone: 'poor',
      word: t(wasOnAir ? `window.health.${end}` : 'window.health.notReady'),
      // That the engine is gone stands in its alert, which nobody can close.
      text: wasOnAir ? figures(snapshot, messages) : message,
      detail: remedy,
    };
  }
  const readiness = readinessOf(ready);
  const missing = missingSentence(readiness, ready, messages);
  const ended = endedSentence(input);
  const { snapshot } = input;
  // How far it came is news until its failure is closed; why it ended stands in the alert, and is often what is missing.
  if (missing && ended && snapshot.error && snapshot.liveAt !== undefined) {
    const isPicture = readiness.missing.every(({ thing }) => thing === 'picture');
    const told = isPicture ? [missing.word] : [missing.word, missing.text];
    return { ...ended, detail: sentences(messages, ended.detail, ...told) };
  }
  if (missing) {
    return { tone: 'fair', word: missing.word, text: missing.text, detail: missing.remedy };
  }
  const caution = cautionSentence(readiness, ready, messages);
  if (ended) {
    // What is chosen by now is what the next one sends, and where to.
    const next = destinationText(input, 'nextGoesTo');
    if (caution) {
      return { ...ended, detail: sentences(messages, caution.word, caution.text, next) };
    }
    // Nobody wants to read one list of names twice.
    const both = pastAndNext(input);
    return { ...ended, detail: both ?? sentences(messages, ended.detail, next) };
  }
  if (readiness.opening) {
    return {
      tone: 'busy',
      word: t('window.ready.opening'),
      text: t(
        ready.selection?.cameraId === fileListId
          ? 'window.ready.readingFiles'
          : 'window.ready.openingText',
      ),
      detail: destinationText(input),
    };
  }
  const detail = destinationText(input);
  if (caution) return { tone: 'fair', ...caution, detail };
  return { tone: 'good', word: t('window.health.ready'), text: t('window.health.allSet'), detail };
}

function endedSentence(input: OffAirInput): HealthSentence | undefined {
  const { snapshot, messages } = input;
  const { t } = messages;
  if (snapshot.state !== 'ended') return undefined;
  const wasOnAir = snapshot.liveAt !== undefined;
  const detail = pastDestination(input);
  if (snapshot.error) {
    if (!input.failureShown) return undefined;
    return {
      tone: 'poor',
      word: t(wasOnAir ? 'window.health.brokeOff' : 'window.health.didNotGoLive'),
      text: wasOnAir ? figures(snapshot, messages) : publicText(input),
      detail,
    };
  }
  const [recording] = recordingsOf(snapshot);
  if (recording && isOnlyRecorded(snapshot)) {
    const text = t('window.recording.health.done', {
      length: formatClock(recording.durationMs ?? 0),
      size: formatBytes(recording.bytes, messages),
    });
    return {
      ...{ tone: 'neutral', word: t('window.recording.health.doneWord'), text },
      detail: recording.name,
    };
  }
  if (!wasOnAir) {
    return { tone: 'neutral', word: t('window.health.cancelled'), text: publicText(input), detail };
  }
  const wasLost = endedLost(snapshot);
  const isListPlayed = snapshot.isPlayedOut === true && snapshot.capturedBy === 'files';
  return {
    tone: wasLost ? 'fair' : 'neutral',
    word: t(wasLost ? 'window.health.endedLost' : 'window.health.ended'),
    text: sentences(
      messages,
      isListPlayed ? t('window.health.listPlayed') : '',
      figures(snapshot, messages),
    ),
    detail,
  };
}

/** Whether no server that had been live was there at the end: what was sent since nobody has. */
function endedLost(snapshot: BroadcastSnapshot): boolean {
  const begun = destinationsOf(snapshot).filter(wasLive);
  return begun.length > 0 && begun.every(({ lostAt }) => lostAt !== undefined);
}

/** What went out, and what did not. What a server keeps of it, nobody here knows. */
function figures(snapshot: BroadcastSnapshot, messages: WindowMessages): string {
  const { t } = messages;
  const bytes = everyDestination(snapshot).reduce((sum, { bytesSent }) => sum + bytesSent, 0);
  const { ratio, missed } = mostNotSent(snapshot);
  const share = formatPercent(ratio, messages);
  const unsent = snapshot.statistics && soundNotSent(snapshot.statistics.audio);
  // The share that the foot told while live, of which what was missed may have arrived after all.
  const lostText = (): string => {
    if (missed > 0) return t('window.health.endMissed', { share, count: missed });
    return ratio === 0 ? '' : t('window.health.endDropped', { share });
  };
  return sentences(
    messages,
    t('window.health.endFigures', {
      time: formatClock(snapshot.onAirMs ?? 0),
      bytes: formatBytes(bytes, messages),
    }),
    lostText(),
    unsent ? messages.wording(unsent) : '',
  );
}

/** Whether anybody may have seen what never went live: only what a server has confirmed is known to have arrived. */
function publicText({ snapshot, messages: { t } }: OffAirInput): string {
  if (hasDone(snapshot, 'acknowledged')) return t('window.health.mayHaveBeenSeen');
  return t(
    isWithServer(snapshot) ? 'window.health.nothingConfirmed' : 'window.health.nothingWasPublic',
  );
}

/** Where it went, and where not, or would have gone: perhaps another is chosen since. */
function pastDestination(input: OffAirInput): string {
  const { t } = input.messages;
  const { names, others } = pastNames(input);
  if (names === undefined) return others ? t('window.health.wasFor', { names: others }) : '';
  return others === undefined
    ? t('window.health.wentTo', { names })
    : t('window.health.wentNotTo', { names, others });
}

/** Those that were live, and the others; a name of which one was live is none of the others. */
function pastNames({ snapshot, messages }: OffAirInput) {
  const all = everyDestination(snapshot);
  const nameOf = (each: DestinationStatus): string => destinationName(each, messages);
  const live = new Set(all.filter(wasLive).map(nameOf));
  const others = new Set(all.map(nameOf).filter((name) => !live.has(name)));
  const list = (names: ReadonlySet<string>): string | undefined =>
    names.size === 0 ? undefined : namesOf([...names], messages);
  return { names: list(live), others: list(others) };
}

/** The same, where the next one goes to the same; undefined where it does not, or has changes to be saved first. */
function pastAndNext(input: OffAirInput): string | undefined {
  const { snapshot, ready, messages } = input;
  const past = new Set(everyDestination(snapshot).map(({ id }) => id));
  const next = new Set(ready.targets.map(({ profile }) => profile?.id ?? ''));
  const isSame = past.size === next.size && [...past].every((id) => next.has(id));
  if (!isSame || ready.unsaved) return undefined;
  const { names, others } = pastNames(input);
  // Where it went to some of them, the next is for more than it went to.
  if (names !== undefined && others !== undefined) return undefined;
  if (names !== undefined) return messages.t('window.health.wentToAgain', { names });
  return others && messages.t('window.health.wasForAgain', { names: others });
}

function destinationText(
  { ready: { targets, unsaved }, messages }: OffAirInput,
  goesTo: 'goesTo' | 'nextGoesTo' = 'goesTo',
): string {
  const { t } = messages;
  const [only, ...others] = targets;
  if (unsaved) {
    if (others.length === 0) return t('window.health.unsavedProfile');
    const name = t('window.quoted', { name: targetName(unsaved, messages) });
    return t('window.destinations.unsaved', { name });
  }
  if (others.length > 0) {
    const names = targets.map((target) => targetName(target, messages));
    return t(`window.destinations.${goesTo}`, { names: namesOf(names, messages) });
  }
  if (!only?.profile) return '';
  return t(`window.health.${goesTo}`, {
    profile: targetName(only, messages),
    url: shortenMiddle(profileUrl(only.profile, messages), longestUrl),
  });
}

/** Characters: two lines of the foot, so that the picture keeps its place. The hint has all of it. */
const longestUrl = 80;

const engineGone = describeError('ENGINE_GONE');
