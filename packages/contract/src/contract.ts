import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { broadcastSnapshotSchema, startInputSchema } from './broadcast.js';
import { deviceListSchema } from './devices.js';
import { appErrorSchema } from './errors.js';
import { profileInputSchema, profileSchema } from './profiles.js';
import { settingsSchema } from './settings.js';
import { systemInfoSchema } from './system.js';

/**
 * The one error of every procedure. Its data is the whole {@link AppErrorInfo}, so that a failure reads the same on
 * either side of any transport.
 */
const procedure = oc.errors({ FAILED: { data: appErrorSchema } });

const profileId = z.object({ id: z.string() });

/** What a shell offers its window. Types and run-time validation come from this one value. */
export const contract = {
  system: {
    info: procedure.output(systemInfoSchema),
  },
  settings: {
    get: procedure.output(settingsSchema),
    update: procedure.input(settingsSchema.partial()).output(settingsSchema),
  },
  profiles: {
    list: procedure.output(z.array(profileSchema)),
    save: procedure.input(profileInputSchema).output(profileSchema),
    remove: procedure.input(profileId).output(z.void()),
    /** The key in clear, for the eye button beside the field. */
    revealKey: procedure.input(profileId).output(z.object({ streamKey: z.string() })),
  },
  devices: {
    /** What ffmpeg can open; the renderer lists its own devices itself. */
    list: procedure.output(deviceListSchema),
  },
  broadcast: {
    /** Resolves when the broadcast has begun to connect; {@link broadcast.watch} tells the rest. */
    start: procedure.input(startInputSchema).output(z.void()),
    /** Resolves when everything is flushed and closed. Does nothing when off air. */
    stop: procedure.output(z.void()),
    /** The renderer's capture or encoder failed: ends the broadcast with that error. */
    captureFailed: procedure.input(appErrorSchema).output(z.void()),
    /** The current snapshot at once, then each new one; a slow reader gets only the latest. */
    watch: procedure.output(eventIterator(broadcastSnapshotSchema)),
  },
};
