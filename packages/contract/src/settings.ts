import { z } from 'zod';
import { bitratePolicySchema } from './bitrate.js';
import { encodingFields } from './encoding.js';
import { recordingFields } from './recordings.js';

export const engineKindSchema = z.enum(['webcodecs', 'mediarecorder', 'ffmpeg']);

/** A BCP 47 tag, or `system`. The window speaks English and Chinese. */
export const languageSettingSchema = z.enum(['system', 'en', 'zh-CN']);

export type LanguageSetting = z.infer<typeof languageSettingSchema>;

export type EngineKind = z.infer<typeof engineKindSchema>;

/** How many profiles can be ticked, those that are gone included. */
export const mostTicks = 128;

const profileIdsSchema = z.array(z.string().max(128)).max(mostTicks);

/** Destinations that are ticked together, by a name. */
export const destinationGroupSchema = z.object({
  name: z.string().trim().min(1).max(60),
  profileIds: profileIdsSchema,
});

export type DestinationGroup = z.infer<typeof destinationGroupSchema>;

/** How many groups of destinations can be saved. */
export const mostDestinationGroups = 20;

/** A week. */
export const mostReconnectSeconds = 7 * 24 * 3_600;
export const mostHoldSeconds = 10;

/** What the window remembers between runs. */
export const settingsSchema = z.object({
  /** A device id, or one of the reserved ids below. */
  cameraId: z.string().max(512),
  microphoneId: z.string().max(512),
  /**
   * What they are called. A browser gives other ids where the page has another address, and names no device while it
   * may not use any.
   */
  cameraName: z.string().max(512).optional(),
  microphoneName: z.string().max(512).optional(),
  ...encodingFields,
  /** The bitrate of the picture is lowered while the network is slow; for whom, where there are several destinations. */
  adaptBitrate: z.boolean(),
  bitratePolicy: bitratePolicySchema,
  engine: engineKindSchema,
  /**
   * The profiles that are ticked. Absent until somebody has ticked one: then it is the built-in server. Ids of profiles
   * that are not there any more are ignored.
   */
  profileIds: profileIdsSchema.optional(),
  destinationGroups: z.array(destinationGroupSchema).max(mostDestinationGroups),
  language: languageSettingSchema,
  /** For how many seconds it is tried to reconnect to a server that was lost; for ever where absent. */
  reconnectSeconds: z
    .union([z.literal('forever'), z.number().int().min(0).max(mostReconnectSeconds)])
    .optional(),
  /** Seconds of picture that are held for a server that comes back; 4 where absent, 0: none. */
  holdSeconds: z.number().min(0).max(mostHoldSeconds).optional(),
  /** A broadcast is stopped only by holding the button. */
  holdToStop: z.boolean(),
  ...recordingFields,
});

export type Settings = z.infer<typeof settingsSchema>;

/** Reserved device ids. */
export const testPictureId = 'test-picture';
/** What others publish to this computer, with its own sound. */
export const streamInputId = 'stream-input';
/** The list of files, with their own sound. */
export const fileListId = 'files';
export const testBeepId = 'test-beep';
export const noMicrophoneId = 'none';
