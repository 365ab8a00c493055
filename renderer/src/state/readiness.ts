import {
  describeError,
  fileListId,
  mostDestinations,
  noMicrophoneId,
  streamChoiceOf,
  testBeepId,
  testPictureId,
  urlProblem,
  type AppErrorInfo,
} from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { listOf, namesOf } from './list-of.js';
import { sentences } from './sentences.js';
import type { Selection } from './device-selection.js';
import { targetName, type Target } from './targets.js';

/** How the devices are: `opening` until it is known what will go out. */
export type PictureState =
  | { readonly type: 'opening' }
  | { readonly type: 'there' }
  | { readonly type: 'failed'; readonly error: AppErrorInfo };

export interface ReadinessInput {
  /** What was chosen to go out; `undefined` until it is known what there is. */
  readonly selection: Selection | undefined;
  readonly picture: PictureState;
  /** The microphone has given nothing for a while. */
  readonly silent: boolean;
  /** Somebody publishes to the stream input. */
  readonly isPublished: boolean;
  /** Of the list of files one cannot be played. */
  readonly isFileLeftOut: boolean;
  /** Where Go Live goes. */
  readonly targets: readonly Target[];
  /** One of them has changes that are not saved. */
  readonly unsaved: Target | undefined;
}

/** Without it nothing can go out. */
type MissingThing = 'picture' | 'destination' | 'fewer' | 'name' | 'url' | 'address' | 'saved';

interface Missing {
  readonly thing: MissingThing;
  /** Absent where it is of none alone. */
  readonly target?: Target;
}

/** Something can go out, but perhaps not what is wanted. */
type Caution =
  | 'test'
  | 'testPicture'
  | 'testBeep'
  | 'noSound'
  | 'silent'
  | 'streamAway'
  | 'fileLeftOut'
  | 'noKey';

/** What stands between now and going live. */
export interface Readiness {
  readonly missing: readonly Missing[];
  readonly cautions: readonly Caution[];
  /** Those of the targets that have no stream key. */
  readonly keyless: readonly Target[];
  /** What is missing will be there in a moment. */
  readonly opening: boolean;
}

export function readinessOf(input: ReadinessInput): Readiness {
  const { picture, selection, targets } = input;
  const keyless = targets.filter(lacksKey);
  const missing: Missing[] = picture.type === 'failed' ? [{ thing: 'picture' }] : [];
  if (targets.length === 0) missing.push({ thing: 'destination' });
  if (targets.length > mostDestinations) missing.push({ thing: 'fewer' });
  return {
    missing: [...missing, ...targets.flatMap(missingOf)],
    cautions: [
      ...(selection ? cautionsOf(selection, input) : []),
      ...(keyless.length > 0 ? ['noKey' as const] : []),
    ],
    keyless,
    opening: picture.type === 'opening' || !selection,
  };
}

function missingOf(target: Target): Missing[] {
  const { profile, draft, problem } = target;
  const missing: MissingThing[] = [];
  if ((draft ?? profile)?.name.trim() === '') missing.push('name');
  const url = urlOf(target);
  if (url === '') missing.push('url');
  else if (url !== undefined && urlProblem(url)) missing.push('address');
  // What is missing has been said already.
  if (problem && missing.length === 0) missing.push('saved');
  return missing.map((thing) => ({ thing, target }));
}

/** The built-in server has none until it runs. */
const urlOf = ({ profile, draft }: Target) =>
  (draft ?? (profile?.kind === 'rtmp' ? profile : undefined))?.serverUrl.trim();

/** Few servers take a stream without one, but only they know. */
function lacksKey(target: Target): boolean {
  const { profile, draft } = target;
  const url = urlOf(target);
  const saved = draft && draft.id === undefined ? false : profile?.hasKey;
  const hasKey = draft?.streamKey === undefined ? saved : draft.streamKey.trim() !== '';
  // A server that has a query or a password to know us by may need none.
  const user = draft?.user ?? profile?.user ?? '';
  const isKnown = url?.includes('?') === true || user !== '';
  return hasKey !== true && !isKnown && url !== '';
}

function cautionsOf(
  { cameraId, microphoneId }: Selection,
  {
    silent,
    isPublished,
    isFileLeftOut,
  }: Pick<ReadinessInput, 'silent' | 'isPublished' | 'isFileLeftOut'>,
): Caution[] {
  // They bring their own sound.
  if (cameraId === fileListId) return isFileLeftOut ? ['fileLeftOut'] : [];
  if (streamChoiceOf(cameraId)) return isPublished ? [] : ['streamAway'];
  const picture = cameraId === testPictureId;
  if (picture && microphoneId === testBeepId) return ['test'];
  return [
    ...(picture ? ['testPicture' as const] : []),
    ...(microphoneId === testBeepId ? ['testBeep' as const] : []),
    ...(microphoneId === noMicrophoneId ? ['noSound' as const] : []),
    ...(silent ? ['silent' as const] : []),
  ];
}

/** A word, what it means, and what to do. */
export interface ReadinessSentence {
  readonly word: string;
  readonly text: string;
  readonly remedy: string;
}

/** What is missing; `undefined` where nothing is. */
export function missingSentence(
  { missing }: Readiness,
  { picture, targets }: Pick<ReadinessInput, 'picture' | 'targets'>,
  messages: WindowMessages,
): ReadinessSentence | undefined {
  const { t } = messages;
  const [only] = missing;
  if (only === undefined) return undefined;
  const word = t('window.health.notReady');
  if (missing.length > 1) {
    const things = missing.map(({ thing, target }) => {
      const text = t(`window.ready.missing.${thing}`);
      if (!target || targets.length === 1) return text;
      return t('window.destinations.of', { name: targetName(target, messages), text });
    });
    return {
      word,
      text: t('window.ready.several', { count: missing.length, things: listOf(things, messages) }),
      remedy: '',
    };
  }
  const error = ((): AppErrorInfo | undefined => {
    switch (only.thing) {
      case 'picture':
        return picture.type === 'failed' ? picture.error : undefined;
      case 'destination':
        return describeError('NO_DESTINATION_TICKED');
      case 'fewer':
        return tooMany(targets.length);
      case 'name':
        return describeError('PROFILE_NAMELESS');
      case 'url':
        return describeError('PROFILE_WITHOUT_URL');
      case 'saved':
        return only.target?.problem;
      case 'address':
        // As the field says it when it is saved.
        return only.target && urlProblem(urlOf(only.target) ?? '');
    }
  })();
  if (!error) return undefined;
  const { message, remedy } = messages.error(error);
  const { target } = only;
  // Of one alone it is clear which.
  if (!target || targets.length === 1) return { word, text: message, remedy };
  const name = targetName(target, messages);
  return { word, text: t('window.destinations.of', { name, text: message }), remedy };
}

/** More are ticked than a broadcast can go to. */
export const tooMany = (count: number): AppErrorInfo =>
  describeError('TOO_MANY_DESTINATIONS', { count, most: mostDestinations });

/** What to know before going live; `undefined` where there is nothing. */
export function cautionSentence(
  { cautions, keyless }: Readiness,
  { targets }: Pick<ReadinessInput, 'targets'>,
  messages: WindowMessages,
): Omit<ReadinessSentence, 'remedy'> | undefined {
  const { t } = messages;
  const [only] = cautions;
  if (only === undefined) return undefined;
  const textOf = (caution: Caution): string => {
    if (caution !== 'noKey' || targets.length === 1) return t(`window.ready.caution.${caution}`);
    const names = namesOf(
      keyless.map((target) => targetName(target, messages)),
      messages,
    );
    return t('window.destinations.noKeyFor', { names });
  };
  if (cautions.length === 1) return { word: t(`window.ready.word.${only}`), text: textOf(only) };
  return {
    word: t('window.ready.toKnow', { count: cautions.length }),
    text: sentences(messages, ...cautions.map(textOf)),
  };
}
