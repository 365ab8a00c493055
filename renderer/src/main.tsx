import {
  createPictureSampler,
  listMediaDevices,
  onDeviceChange,
  onPermissionChange,
  openCapture,
  pictureClock,
  prepareEngine,
  startEngine,
  watchCaptured,
} from './media/media-engine.js';
import { showStudio } from './show-studio.js';
import { openStudio, type Studio } from './control/studio.js';
import { closedAlerts } from './control/closed-alerts.js';
import { connect } from './transport/connection.js';

/** Composition root: this is where the window meets its transport and its media. */
async function open(): Promise<Studio> {
  const media = {
    ...{ openCapture, prepareEngine, startEngine },
    ...{ listMediaDevices, onDeviceChange, onPermissionChange },
    ...{ watchCaptured, createPictureSampler, pictureClock },
  };
  return openStudio(await connect(), media, closedAlerts);
}

const container = document.getElementById('root');
if (container) void showStudio(container, open());
