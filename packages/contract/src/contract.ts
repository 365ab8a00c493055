import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { broadcastSnapshotSchema, outputInputSchema, startInputSchema } from './broadcast.js';
import { broadcastEventSchema } from './broadcast-log.js';
import { checkInputSchema, checkSnapshotSchema } from './check.js';
import { deviceListSchema } from './devices.js';
import { encodingSchema } from './encoding.js';
import { appErrorSchema } from './errors.js';
import {
  addFilesSchema,
  fileListSchema,
  fileOptionsSchema,
  moveFileSchema,
  seekSchema,
} from './file-list.js';
import { monitorSnapshotSchema } from './monitor.js';
import { recordingsSnapshotSchema, replayInputSchema, savedReplaySchema } from './recordings.js';
import { profileInputSchema, profileSchema } from './profiles.js';
import {
  serverHostSchema,
  serverKeySchema,
  serverKeysSchema,
  serverSettingsSchema,
  serverSnapshotSchema,
  viewerLinkSchema,
} from './server.js';
import { serverConfigAnswerSchema, serverConfigInputSchema } from './server-config.js';
import { settingsSchema } from './settings.js';
import { streamAddressSchema, streamChoiceSchema, streamInputSchema } from './stream-input.js';
import { systemInfoSchema } from './system.js';

/**
 * The one error of every procedure. Its data is the whole {@link AppErrorInfo}, so that a failure reads the same on
 * either side of any transport.
 */
const procedure = oc.errors({ FAILED: { data: appErrorSchema } });

const profileId = z.object({ id: z.string() });
const outputId = z.object({ id: z.string() });
const fileId = z.object({ id: z.string() });
const stopInputSchema = z.object({
  /**
   * The renderer has ended its media in order (`end` on the channel): what the engine still holds of them is delivered
   * first. For seconds at most; absent, it is thrown away.
   */
  flush: z.boolean().optional(),
  /** Ends the destinations alone while something is recorded. */
  keepRecording: z.boolean().optional(),
});
const recordingPath = z.object({ path: z.string().max(4096) });
const videoBitrateSchema = encodingSchema.pick({ videoBitrate: true });

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
    /** The current list at once, then each new one, whoever changed it: another window, or another process. */
    watch: procedure.output(eventIterator(z.array(profileSchema))),
    /** At once: it and its key are on no disk any more. */
    remove: procedure.input(profileId).output(z.void()),
    /** Brings a removed profile back with its key, as long as the engine runs and was not told to forget it. */
    restore: procedure.input(profileId).output(z.void()),
    /** A removed profile is not going to be had back. */
    forget: procedure.input(profileId).output(z.void()),
    /** The key in clear, for the eye button beside the field. */
    revealKey: procedure.input(profileId).output(z.object({ streamKey: z.string() })),
    /**
     * Connects as a broadcast would, phase by phase, and publishes where that is wanted: how that goes at once, then each
     * change. Ends with it, and ends it where nobody watches any more. Fails with `CHECK_ON_AIR` for a destination of the
     * broadcast that runs, and with `CHECK_RUNNING` where it is being checked.
     */
    check: procedure.input(checkInputSchema).output(eventIterator(checkSnapshotSchema)),
  },
  /** The built-in server as it is switched on in the window. */
  server: {
    /**
     * Changes the given fields, and with them the server that runs: whoever is connected has to connect again. A key that
     * is needed and not there yet is made. Resolves when the server runs, or is off, or cannot run, which
     * {@link server.watch} tells; fails with `SERVER_IN_USE` while a broadcast of this engine goes into it.
     */
    update: procedure.input(serverSettingsSchema.partial()).output(z.void()),
    /** The keys in clear, for who wants to see or to copy them. */
    revealKeys: procedure.output(serverKeysSchema),
    /** Makes a new key: the old one, and every link that it signed, is worth nothing any more. Fails as `update` does. */
    renewKey: procedure.input(z.object({ key: serverKeySchema })).output(z.void()),
    /** A link to the viewer page at an address of this machine, signed where a play key is wanted. */
    viewerLink: procedure.input(serverHostSchema.pick({ host: true })).output(viewerLinkSchema),
    /** The current snapshot at once, then each new one; a slow reader gets only the latest. */
    watch: procedure.output(eventIterator(serverSnapshotSchema)),
  },
  serverConfig: {
    /** Writes the configuration of another server, nginx or SRS, or says what is wrong with what is wanted. Keeps nothing. */
    write: procedure.input(serverConfigInputSchema).output(serverConfigAnswerSchema),
  },
  devices: {
    /** What ffmpeg can open; the renderer lists its own devices itself. */
    list: procedure.output(deviceListSchema),
  },
  streamInput: {
    /** Lets others on this computer publish, once; from then on until the engine ends. */
    open: procedure.output(streamAddressSchema),
    /**
     * What there is at once, then each change. While somebody watches it, pictures of what is published go to the window
     * that is shown the preview; of several streams, of the one that was asked for last.
     */
    watch: procedure.input(streamChoiceSchema).output(eventIterator(streamInputSchema)),
  },
  /** The files that are played in place of a camera. What is changed while they are on air is heeded at the next seam. */
  files: {
    /** Puts files of this machine at the end of the list, and looks into them; {@link files.watch} tells what is in them. */
    add: procedure.input(addFilesSchema).output(z.void()),
    /** Fails with `FILE_IN_USE` for the one that is on. */
    remove: procedure.input(fileId).output(z.void()),
    move: procedure.input(moveFileSchema).output(z.void()),
    update: procedure.input(fileOptionsSchema.partial()).output(z.void()),
    /**
     * Of the broadcast that plays them; each resolves when viewers get it, and fails with `NOT_PLAYING` where none does.
     * `next` goes on with the file behind the one that is on, `seek` within it; `pause` shows a slate until `resume`.
     */
    next: procedure.output(z.void()),
    seek: procedure.input(seekSchema).output(z.void()),
    pause: procedure.output(z.void()),
    resume: procedure.output(z.void()),
    /** The list at once, then each change, and the position about twice a second; a slow reader gets only the latest. */
    watch: procedure.output(eventIterator(fileListSchema)),
  },
  monitor: {
    /**
     * Pulls back what viewers get of a destination that is on air, for as long as it is watched: that costs its bitrate of
     * download. How that goes at once, then each change; meanwhile the pictures go to the window that watches. Ends with
     * the destination, and where this window begins to watch another. Fails with `OUTPUT_NOT_FOUND` where there is no
     * such destination, and with `INVALID_OPTION` where its address for watching is none.
     */
    watch: procedure.input(outputId).output(eventIterator(monitorSnapshotSchema)),
  },
  recordings: {
    /** At once, then each change of the list, of the chosen folder and of what is wrong with it. */
    watch: procedure.output(eventIterator(recordingsSnapshotSchema)),
    /** Shows one of the list in its folder, and nothing else. Fails with `FOLDER_NOT_SHOWN`. */
    showInFolder: procedure.input(recordingPath).output(z.void()),
    /** Makes the folder that is chosen, which is not there. Fails with `RECORDING_FAILED`. */
    makeFolder: procedure.output(z.void()),
  },
  broadcast: {
    /** Resolves when the broadcast has begun to connect; {@link broadcast.watch} tells the rest. */
    start: procedure.input(startInputSchema).output(z.void()),
    /** Resolves when every output that is to end is closed. Does nothing when off air. */
    stop: procedure.input(stopInputSchema.optional()).output(z.void()),
    /** The renderer's capture or encoder failed: ends the broadcast with that error. */
    captureFailed: procedure.input(appErrorSchema).output(z.void()),
    /** Adds an output while the broadcast runs: it begins with the next keyframe. Resolves to the output's id. */
    addOutput: procedure.input(outputInputSchema).output(outputId),
    /** Ends an output in order and takes it out of the broadcast. The others, and the encoder, do not notice. */
    removeOutput: procedure.input(outputId).output(z.void()),
    /** Ends an output in order; its figures stay in the snapshot. */
    finishOutput: procedure.input(outputId).output(z.void()),
    /** Leaves out of a recording what comes until it is resumed, which it is with the next keyframe. */
    pauseOutput: procedure.input(outputId).output(z.void()),
    resumeOutput: procedure.input(outputId).output(z.void()),
    /** Writes what the replay buffer holds into a new file, whose name begins with a word for it. Fails with `RECORDING_FAILED` where there is no buffer, too. */
    saveReplay: procedure.input(replayInputSchema.optional()).output(savedReplaySchema),
    /** Connects an output again now, which waits for its next try or has failed. */
    retryOutput: procedure.input(outputId).output(z.void()),
    /** This computer has a network again: outputs that wait for their next try make it now. Does nothing when off air. */
    networkUp: procedure.output(z.void()),
    /**
     * What the bitrate of the picture is to be at most from now on, in bits per second: less at once, more as soon as the
     * destinations take it. Resolves when the source has been told; fails with `CANNOT_CHANGE_BITRATE` where it has no way
     * to do so.
     */
    setVideoBitrate: procedure.input(videoBitrateSchema).output(z.void()),
    /** From now on this window gets the preview of what ffmpeg captures. */
    showPreview: procedure.output(z.void()),
    /** The current snapshot at once, then each new one; a slow reader gets only the latest. */
    watch: procedure.output(eventIterator(broadcastSnapshotSchema)),
    /** What has happened in the newest broadcast, oldest first: the whole at once, then again with each new line. */
    watchLog: procedure.output(eventIterator(z.array(broadcastEventSchema))),
  },
};
