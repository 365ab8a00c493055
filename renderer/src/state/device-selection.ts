import {
  fileListId,
  noMicrophoneId,
  streamChoiceOf,
  testBeepId,
  testPictureId,
} from '@tallylight/contract';
import type { PictureSize } from '../media/media-engine.js';

export interface Device {
  readonly id: string;
  readonly label: string;
  /** The largest picture of a camera, where the list tells it; the browser's does not. */
  readonly largest?: PictureSize | undefined;
}

/** Real devices, without the reserved ids. */
export interface DeviceLists {
  readonly cameras: readonly Device[];
  readonly microphones: readonly Device[];
  /** Labels by id of every device seen since the window opened. */
  readonly known: ReadonlyMap<string, string>;
}

export const noDevices: DeviceLists = { cameras: [], microphones: [], known: new Map() };

export interface Selection {
  readonly cameraId: string;
  readonly microphoneId: string;
}

/** What was chosen, an empty id where nothing was, and what it was called then. */
export interface ChosenDevices extends Selection {
  readonly cameraName?: string | undefined;
  readonly microphoneName?: string | undefined;
}

const builtIn = new Set<string>([fileListId, testPictureId, testBeepId, noMicrophoneId]);

/** Whether `id` is one of the devices, or built in. */
export const isListed = (devices: readonly Device[], id: string): boolean =>
  builtIn.has(id) || streamChoiceOf(id) !== undefined || devices.some((device) => device.id === id);

/**
 * What is in use, given what was chosen. A device that is not there, or may not be used, stays chosen: it comes back by
 * itself, and neither another camera nor the test picture is ever sent in its place. The first device, or the test picture
 * where there is none, is for those who have chosen nothing.
 */
export function effectiveSelection(chosen: ChosenDevices, lists: DeviceLists): Selection {
  const { cameras, microphones } = lists;
  const { cameraId: camera, cameraName, microphoneId: microphone, microphoneName } = chosen;
  const cameraId =
    kept(camera, cameraName, cameras, lists) ?? cameras[0]?.id ?? (camera || testPictureId);
  const microphoneId =
    kept(microphone, microphoneName, microphones, lists) ??
    (microphone !== '' && microphones.length === 0
      ? microphone
      : microphoneForCamera(cameraId, microphones));
  return { cameraId, microphoneId };
}

/**
 * The id of what was chosen, or of what is called as it was; `undefined` where nobody can know what it was. Of two that
 * are called the same, one that was here and is gone is not taken for the other.
 */
function kept(
  id: string,
  name: string | undefined,
  devices: readonly Device[],
  { known }: DeviceLists,
): string | undefined {
  if (id === '') return undefined;
  if (isListed(devices, id) || known.has(id)) return id;
  if (name === undefined || name === '') return undefined;
  return devices.find(({ label }) => label === name)?.id ?? id;
}

/** The sound that goes with a picture nobody has chosen a sound for. */
function microphoneForCamera(cameraId: string, microphones: readonly Device[]): string {
  if (cameraId === testPictureId) return testBeepId;
  return microphones[0]?.id ?? noMicrophoneId;
}

/**
 * What choosing a camera changes: the test picture brings its beep, a real camera sends the beep away, and the microphone
 * that was there `before` it is back.
 */
export function chooseCamera(
  cameraId: string,
  current: Selection,
  microphones: readonly Device[],
  before: string | undefined,
): Selection {
  if (cameraId === testPictureId) return { cameraId, microphoneId: testBeepId };
  const beeps = current.microphoneId === testBeepId && current.cameraId === testPictureId;
  return {
    cameraId,
    microphoneId: beeps
      ? (before ?? microphoneForCamera(cameraId, microphones))
      : current.microphoneId,
  };
}

/**
 * The same device in another list: ffmpeg and the browser have different ids for it, and their labels differ in what
 * follows the name (`HD Webcam (04f2:b6d0)`).
 */
export function counterpart(label: string, others: readonly Device[]): Device | undefined {
  const name = plainName(label);
  return (
    others.find((other) => plainName(other.label) === name) ??
    others.find(
      (other) => plainName(other.label).startsWith(name) || name.startsWith(plainName(other.label)),
    )
  );
}

const plainName = (label: string): string =>
  label
    .replace(/\s*[([][^)\]]*[)\]]\s*$/, '')
    .trim()
    .toLowerCase();

/**
 * Translates a selection to the ids of the other list, as far as the devices are found there. What is not keeps its id, so
 * that nothing else is taken in its place, and it is there again on the way back.
 */
export function translateSelection(
  selection: Selection,
  from: DeviceLists,
  to: DeviceLists,
): Selection {
  const translate = (id: string, own: readonly Device[], others: readonly Device[]): string => {
    const device = own.find((candidate) => candidate.id === id);
    return (device && counterpart(device.label, others)?.id) ?? id;
  };
  return {
    cameraId: translate(selection.cameraId, from.cameras, to.cameras),
    microphoneId: translate(selection.microphoneId, from.microphones, to.microphones),
  };
}
