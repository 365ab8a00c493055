import { noMicrophoneId, testBeepId, testPictureId, type AppErrorInfo } from '@tallylight/contract';
import { cameraError } from '../capture-error.js';

interface MediaDevice {
  /** A device id, or a reserved one. */
  readonly id: string;
  readonly label: string;
}

export interface MediaDeviceList {
  readonly cameras: readonly MediaDevice[];
  readonly microphones: readonly MediaDevice[];
  /** Why real devices are missing from the list: access was denied. */
  readonly denied?: AppErrorInfo;
}

const testPicture: MediaDevice = { id: testPictureId, label: 'Test picture' };
const testBeep: MediaDevice = { id: testBeepId, label: 'Test beep' };
const noMicrophone: MediaDevice = { id: noMicrophoneId, label: 'No microphone' };

/**
 * The cameras and microphones of this machine, then the built-in ones. Real devices have neither ids nor labels before
 * the user has allowed access; with `askPermission` the user is asked when that is so. A refusal is told, not
 * thrown: the built-in sources are always there.
 */
export async function listMediaDevices({ askPermission = true } = {}): Promise<MediaDeviceList> {
  let devices = await enumerate();
  const nameless = devices.filter((device) => device.label === '');
  let denied: AppErrorInfo | undefined;
  if (askPermission && nameless.length > 0) {
    denied = await requestAccess({
      video: nameless.some((device) => device.kind === 'videoinput'),
      audio: nameless.some((device) => device.kind === 'audioinput'),
    });
    devices = await enumerate();
  }
  return {
    cameras: [...named(devices, 'videoinput', 'Camera'), testPicture],
    microphones: [...named(devices, 'audioinput', 'Microphone'), testBeep, noMicrophone],
    ...(denied && { denied }),
  };
}

/** Calls `listener` whenever a device comes or goes. Returns how to stop listening. */
export function onDeviceChange(listener: () => void): () => void {
  if (!hasMediaDevices()) return () => undefined;
  navigator.mediaDevices.addEventListener('devicechange', listener);
  return () => navigator.mediaDevices.removeEventListener('devicechange', listener);
}

/** What to call the device `id` in a message; empty where the browser does not say. */
export async function deviceLabel(id: string): Promise<string> {
  const builtIn = [testPicture, testBeep, noMicrophone].find((device) => device.id === id);
  if (builtIn) return builtIn.label;
  return (await enumerate()).find((device) => device.deviceId === id)?.label ?? '';
}

/**
 * Whether the devices of `kind` are kept from this page: no access was given, so the browser tells that there are some,
 * and not which.
 */
export async function isWithheld(kind: MediaDeviceKind): Promise<boolean> {
  const devices = (await enumerate()).filter((device) => device.kind === kind);
  return devices.length > 0 && devices.every((device) => device.label === '');
}

/** Absent on pages that are not a secure context. */
export function hasMediaDevices(): boolean {
  return 'mediaDevices' in navigator;
}

async function enumerate(): Promise<MediaDeviceInfo[]> {
  return hasMediaDevices() ? navigator.mediaDevices.enumerateDevices() : [];
}

/** Asks the user. Returns the refusal, if it was one. */
async function requestAccess(wanted: MediaStreamConstraints): Promise<AppErrorInfo | undefined> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(wanted);
    for (const track of stream.getTracks()) track.stop();
    return undefined;
  } catch (error) {
    const { info } = cameraError(error, 'camera', '');
    // Anything else (a camera in use) is said when that device is opened.
    return info.code === 'CAMERA_DENIED' ? info : undefined;
  }
}

function named(
  devices: readonly MediaDeviceInfo[],
  kind: MediaDeviceKind,
  fallback: string,
): MediaDevice[] {
  return devices
    .filter((device) => device.kind === kind && device.deviceId !== '')
    .map((device, index) => ({
      id: device.deviceId,
      label: device.label || `${fallback} ${index + 1}`,
    }));
}
