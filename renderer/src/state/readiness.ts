import {
  describeError,
  fileListId,
  noMicrophoneId,
  streamChoiceOf,
  testBeepId,
  testPictureId,
  urlProblem,
  type AppErrorInfo,
  type Profile,
} from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { listOf } from './list-of.js';
import { sentences } from './sentences.js';
import type { Selection } from './device-selection.js';
import type { ProfileDraft } from './profile-draft.js';

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
  /** Absent where there is none at all. */
  readonly profile: Profile | undefined;
  /** All that are saved. */
  readonly profiles: readonly Profile[];
  /** What the editor holds, as it will be saved; Go Live does that first. */
  readonly draft: ProfileDraft | undefined;
  /** Why the draft was not saved, until it is changed, or could not be. */
  readonly problem: AppErrorInfo | undefined;
}

/** Without it nothing can go out. */
type Missing = 'picture' | 'name' | 'url' | 'address' | 'saved';

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
  /** What is missing will be there in a moment. */
  readonly opening: boolean;
}

export function readinessOf(input: ReadinessInput): Readiness {
  const { picture, selection } = input;
  return {
    missing: [...(picture.type === 'failed' ? ['picture' as const] : []), ...missingOf(input)],
    cautions: [
      ...(selection ? cautionsOf(selection, input) : []),
      ...(lacksKey(input) ? ['noKey' as const] : []),
    ],
    opening: picture.type === 'opening' || !selection,
  };
}

function missingOf({ profile, draft, problem }: ReadinessInput): Missing[] {
  const missing: Missing[] = [];
  if ((draft ?? profile)?.name.trim() === '') missing.push('name');
  const url = urlOf({ profile, draft });
  if (url === '') missing.push('url');
  else if (url !== undefined && urlProblem(url)) missing.push('address');
  // What is missing has been said already.
  if (problem && missing.length === 0) missing.push('saved');
  return missing;
}

/** The built-in server has none until it runs. */
const urlOf = ({ profile, draft }: Pick<ReadinessInput, 'profile' | 'draft'>) =>
  (draft ?? (profile?.kind === 'rtmp' ? profile : undefined))?.serverUrl.trim();

/** Few servers take a stream without one, but only they know. */
function lacksKey({ profile, draft }: ReadinessInput): boolean {
  const url = urlOf({ profile, draft });
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
  { picture, problem, profile, draft }: ReadinessInput,
  messages: WindowMessages,
): ReadinessSentence | undefined {
  const { t } = messages;
  const [only] = missing;
  if (only === undefined) return undefined;
  const word = t('window.health.notReady');
  if (missing.length > 1) {
    const things = missing.map((name) => t(`window.ready.missing.${name}`));
    return {
      word,
      text: t('window.ready.several', { count: missing.length, things: listOf(things, messages) }),
      remedy: '',
    };
  }
  const error = ((): AppErrorInfo | undefined => {
    switch (only) {
      case 'picture':
        return picture.type === 'failed' ? picture.error : undefined;
      case 'name':
        return describeError('PROFILE_NAMELESS');
      case 'url':
        return describeError('PROFILE_WITHOUT_URL');
      case 'saved':
        return problem;
      case 'address':
        // As the field says it when it is saved.
        return urlProblem(urlOf({ profile, draft }) ?? '');
    }
  })();
  if (!error) return undefined;
  const { message, remedy } = messages.error(error);
  return { word, text: message, remedy };
}

/** What to know before going live; `undefined` where there is nothing. */
export function cautionSentence(
  { cautions }: Readiness,
  messages: WindowMessages,
): Omit<ReadinessSentence, 'remedy'> | undefined {
  const { t } = messages;
  const [only] = cautions;
  if (only === undefined) return undefined;
  if (cautions.length === 1) {
    return { word: t(`window.ready.word.${only}`), text: t(`window.ready.caution.${only}`) };
  }
  return {
    word: t('window.ready.toKnow', { count: cautions.length }),
    text: sentences(messages, ...cautions.map((name) => t(`window.ready.caution.${name}`))),
  };
}
