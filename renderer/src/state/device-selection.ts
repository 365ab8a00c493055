import { noMicrophoneId, testBeepId, testPictureId } from '@tallylight/contract';
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

const builtIn = new Set<string>([testPictureId, testBeepId, noMicrophoneId]);

/** Whether `id` is one of the devices, or built in. */
export const isListed = (devices: readonly Device[], id: string): boolean =>
  builtIn.has(id) || devices.some((device) => device.id === id);

/**
 * What is in use, given what was chosen. A device that was unplugged stays chosen, so that it comes back by itself and
 * no other camera is ever grabbed in its place; an id that was never seen here gives way to the first device, or to the
 * test picture where there is none.
 */
export function effectiveSelection(chosen: Selection, lists: DeviceLists): Selection {
  const { known } = lists;
  const keepsCamera = isListed(lists.cameras, chosen.cameraId) || known.has(chosen.cameraId);
  const cameraId = keepsCamera ? chosen.cameraId : (lists.cameras[0]?.id ?? testPictureId);
  const keepsMicrophone =
    isListed(lists.microphones, chosen.microphoneId) || known.has(chosen.microphoneId);
  const microphoneId = keepsMicrophone
    ? chosen.microphoneId
    : microphoneForCamera(cameraId, lists.microphones);
  return { cameraId, microphoneId };
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
