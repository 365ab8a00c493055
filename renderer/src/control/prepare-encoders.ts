import type { BroadcastStore } from '../state/broadcast-store.js';
import type { DevicesStore } from '../state/devices-store.js';
import type { SettingsStore } from '../state/settings-store.js';
import { captureOptions } from '../state/source-selection.js';
import { stageOf } from '../state/stage.js';
import type { ExpectedEngine } from '../media/media-engine.js';
import type { MediaPort } from './media-port.js';
import type { CaptureController } from './capture-controller.js';

/** Milliseconds. Who is still choosing does not go live yet, and loading encoders twice is for nothing. */
const settledMs = 1_000;

interface Parts {
  readonly capture: Pick<CaptureController, 'store'>;
  readonly settings: SettingsStore;
  readonly devices: DevicesStore;
  readonly broadcast: BroadcastStore;
}

/** Has the encoders ready by the time of the click: loading and trying them takes longer than all the rest. */
export function prepareEncoders(parts: Parts, media: Pick<MediaPort, 'prepareEngine'>): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let before: ExpectedEngine | undefined;
  const look = (): void => {
    const { snapshot, pending } = parts.broadcast.getState();
    if (stageOf(snapshot, pending) !== 'off-air') {
      // What is ready is taken, or stays for the next time.
      clearTimeout(timer);
      before = undefined;
      return;
    }
    const expected = expectedEngine(parts);
    if (isSame(before, expected)) return;
    before = expected;
    clearTimeout(timer);
    timer = setTimeout(() => media.prepareEngine(expected), settledMs);
  };
  parts.capture.store.subscribe(look);
  parts.settings.subscribe(look);
  parts.broadcast.subscribe(look);
}

/** Undefined where nothing is going to be encoded here. */
function expectedEngine({ capture, settings, devices }: Parts): ExpectedEngine | undefined {
  const { settings: chosen } = settings.getState();
  const state = capture.store.getState();
  const options = captureOptions(chosen, devices.getState());
  if (chosen.engine === 'ffmpeg' || state.type !== 'open' || !options) return undefined;
  return { kind: chosen.engine, capture: state.capture, options };
}

const isSame = (a: ExpectedEngine | undefined, b: ExpectedEngine | undefined): boolean =>
  a?.kind === b?.kind &&
  a?.capture === b?.capture &&
  JSON.stringify(a?.options) === JSON.stringify(b?.options);
