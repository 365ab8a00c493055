import { z } from 'zod';
import { bitrateAdaptationSchema, pictureBitrateSchema } from './bitrate.js';
import { droppedBySchema, programLoadSchema } from './broadcast-figures.js';
import { encodingSchema } from './encoding.js';
import { appErrorSchema } from './errors.js';
import { frameAccountSchema } from './frame-account.js';
import { healthSchema } from './health.js';
import { stepSchema } from './phases.js';
import { reasonSchema } from './reasons.js';
import { streamChoiceSchema } from './stream-input.js';

export const videoInputSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('test') }),
  z.object({ type: z.literal('camera'), id: z.string().min(1).max(512) }),
]);

export const audioInputSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('test') }),
  z.object({ type: z.literal('microphone'), id: z.string().min(1).max(512) }),
  z.object({ type: z.literal('none') }),
]);

const slateLanguageSchema = z.enum(['en', 'zh-CN']);

/** Where the window's media comes from. */
export const sourceSchema = z.discriminatedUnion('type', [
  /** ffmpeg captures and encodes. */
  z.object({ type: z.literal('ffmpeg'), video: videoInputSchema, audio: audioInputSchema }),
  /** The renderer sends media on its channel: encoded packets, or what MediaRecorder wrote. */
  z.object({
    type: z.literal('renderer'),
    /**
     * `packets` can be controlled: their encoder obeys the channel's control messages. `matroska` cannot: what
     * MediaRecorder was started with is fixed.
     */
    format: z.enum(['packets', 'matroska']),
    hasAudio: z.boolean(),
    /** What people call the camera. */
    name: z.union([z.string().max(512), reasonSchema]),
    /** The number of the channel's `begin` message, a new one for each broadcast. */
    captureId: z.number().int().min(0).max(0xffff_ffff),
  }),
  /** What others publish, to this computer or to its built-in server, as it is. */
  z.object({
    type: z.literal('stream'),
    /** Of the words that viewers read while it is away. */
    slateLanguage: slateLanguageSchema,
    ...streamChoiceSchema.shape,
  }),
  /** The list of files, from its beginning. */
  z.object({
    type: z.literal('files'),
    /** Of the words that viewers read while they are paused. */
    slateLanguage: slateLanguageSchema,
  }),
]);

export type VideoInput = z.infer<typeof videoInputSchema>;
export type AudioInput = z.infer<typeof audioInputSchema>;
export type Source = z.infer<typeof sourceSchema>;

/**
 * Of a source that others give: nobody gives it yet; it is there; a slate is sent in its place; nothing is, for there is no
 * slate like it.
 */
export const sourcePresenceSchema = z.enum(['waiting', 'live', 'slate', 'paused']);

export type SourcePresence = z.infer<typeof sourcePresenceSchema>;

/** How many destinations a broadcast can begin with. */
export const mostDestinations = 16;

/** So many outputs of a kind that were removed, and replays that were saved, are kept in mind. */
export const mostRemembered = 64;

export const startInputSchema = z
  .object({
    source: sourceSchema,
    encoding: encodingSchema,
    /** Whom the bitrate of the picture is lowered for where the network is slow; the usual where absent. */
    bitrateAdaptation: bitrateAdaptationSchema.optional(),
    /** None where it is only recorded. */
    profileIds: z.array(z.string()).max(mostDestinations),
    /** Records from the beginning on, as the settings say. */
    record: z.boolean().optional(),
  })
  .refine(({ profileIds, record }) => profileIds.length > 0 || record === true, {
    path: ['profileIds'],
  });

export type StartInput = z.infer<typeof startInputSchema>;

/** An output to add to a running broadcast. */
export const outputInputSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('profile'), profileId: z.string() }),
  /** Records to a new file, as the settings say; there is one recording at a time. */
  z.object({ type: z.literal('recording') }),
]);

export type OutputInput = z.infer<typeof outputInputSchema>;

/**
 * `connecting` → `live` ⇄ `reconnecting`, and `failed` or `stopped` at the end. A file is `connecting` until it is open.
 */
export const outputStateSchema = z.enum([
  'connecting',
  'live',
  'reconnecting',
  'failed',
  'stopped',
]);

/** What every kind of output tells of itself. */
const outputStatus = {
  id: z.string(),
  name: z.string(),
  /** `public`: somebody may be watching through it; `local`: it stays on this machine; `memory`: it ends with the broadcast. */
  reach: z.enum(['public', 'local', 'memory']),
  state: outputStateSchema,
  lastError: appErrorSchema.optional(),
};

export const destinationStatusSchema = z.object({
  ...outputStatus,
  type: z.literal('rtmp'),
  /** Where it is now, without the stream key; a server may have sent it on to another. */
  url: z.string(),
  steps: z.array(stepSchema),
  bytesSent: z.number(),
  /** Video frames, without those of tries that came to nothing before it was live. */
  framesSent: z.number(),
  /** Video frames that never left, though the server was there and had been live: the sum of `droppedBy`. */
  framesDropped: z.number(),
  droppedBy: droppedBySchema.optional(),
  /**
   * Those, since it was live for the first time, for which there was no server, also because it was lost, or silent, while
   * it took them. Those that are held for its return are among them until it takes them, so that this becomes less then.
   */
  framesMissed: z.number().optional(),
  /**
   * Those that passed before it was live for the first time and that it did not get: there was nobody yet to miss them. What
   * it was given is these, and those that were sent, dropped and missed.
   */
  framesBefore: z.number().optional(),
  /**
   * Those that capture or encoder lost since it was live for the first time, until its end: it was to get them, too. Absent
   * where nobody counts them.
   */
  framesLost: z.number().optional(),
  /**
   * Bits, and video frames, per second that leave, over the last two seconds, and never more than the stream has. 0 while
   * nobody receives; absent until a second was measured, and while the server is silent.
   */
  bitrate: z.number().optional(),
  fps: z.number().optional(),
  /** Milliseconds of picture, and bytes of picture and sound, that wait here for the network. */
  queuedMs: z.number().optional(),
  queuedBytes: z.number().optional(),
  /** Since when it has been live without a break, in milliseconds since the epoch; absent while it is not. */
  liveSince: z.number().optional(),
  /** When it was live for the first time, and when it had failed or was ended; milliseconds since the epoch. */
  firstLiveAt: z.number().optional(),
  endedAt: z.number().optional(),
  /** How often the stream came back after a loss: it was LIVE again. */
  reconnects: z.number(),
  /** While it waits to connect again: the next try, counted from 1, and when it is, in milliseconds since the epoch. */
  waiting: z.object({ attempt: z.number(), until: z.number() }).optional(),
  /** It was live, and is no longer tried by itself: the server refuses it, or was away for too long. */
  gaveUp: z.boolean().optional(),
  /** It has failed, and the show that it was of is over: it cannot be tried again. */
  isFinished: z.boolean().optional(),
  /** When the server was lost, in milliseconds since the epoch; absent while it is there. */
  lostAt: z.number().optional(),
  /** The server has asked to go on elsewhere, and nothing is sent until that server has taken the stream. */
  isHeld: z.boolean().optional(),
  /** How often the stream went on at another server, because its server asked for it. */
  moves: z.number().optional(),
  /**
   * To LIVE for the first time: the server has taken the first media. From the start of the broadcast, or from when it was
   * added; where it had failed, from when somebody asked to try again.
   */
  goLiveMs: z.number().optional(),
  /** Round trip to the server in milliseconds as of its last answer to a ping, which is seconds old. */
  rttMs: z.number().optional(),
  /**
   * For how long a server that answers pings has given no sign of life, in milliseconds; present once that is longer than
   * usual. What is sent meanwhile may arrive nowhere.
   */
  silentMs: z.number().optional(),
  /** Where to watch, for the built-in server. */
  watchUrl: z.string().optional(),
});

export const recordingStatusSchema = z.object({
  ...outputStatus,
  type: z.literal('recording'),
  path: z.string(),
  /** Where it went on each time the stream became another; absent where it did not. */
  otherPaths: z.array(z.string()).optional(),
  /** Of all of them. */
  bytes: z.number(),
  /** Of the picture. */
  frames: z.number().optional(),
  /** How much of the broadcast is in them, without the pauses, in milliseconds. */
  durationMs: z.number().optional(),
  /** What comes is left out, until it is resumed and a keyframe has come. */
  isPaused: z.boolean().optional(),
  /** What is free on the disk, and for how many milliseconds that lasts at the present rate. */
  space: z.object({ freeBytes: z.number(), leftMs: z.number().optional() }).optional(),
});

/** A replay that was saved, or why it was not. */
export const replaySaveSchema = z.object({
  /** Of the file, without its folder. */
  name: z.string(),
  path: z.string(),
  /** Where the picture became another within it, which a file cannot follow. */
  otherPaths: z.array(z.string()).optional(),
  /** Of all of them. */
  bytes: z.number(),
  /** Milliseconds. */
  durationMs: z.number(),
  error: appErrorSchema.optional(),
});

export type ReplaySave = z.infer<typeof replaySaveSchema>;

/** The newest seconds of the broadcast, which can be saved at any time. */
export const replayStatusSchema = z.object({
  ...outputStatus,
  type: z.literal('replay'),
  /** How many are wanted. */
  seconds: z.number(),
  heldMs: z.number(),
  heldBytes: z.number(),
  isSaving: z.boolean().optional(),
  /** What came of each save, the newest {@link mostRemembered} of them; absent where there was none. */
  saves: z.array(replaySaveSchema).optional(),
  /** How many there were in all. */
  saveCount: z.number().optional(),
});

export const outputStatusSchema = z.discriminatedUnion('type', [
  destinationStatusSchema,
  recordingStatusSchema,
  replayStatusSchema,
]);

export const trackStatisticsSchema = z.object({
  frames: z.number(),
  bytes: z.number(),
});

export const statisticsSchema = z.object({
  /**
   * How much picture and sound the source has given so far, by their own times, in milliseconds. Less than the time that
   * has gone by where the source is slower than it should be.
   */
  durationMs: z.number(),
  video: trackStatisticsSchema.extend({
    keyframes: z.number(),
    /** Frames that capture or encoder lost; what a slow network cost is in each destination. */
    droppedFrames: z.number(),
    /** Where they were lost, and what the device gave; absent where the source cannot tell. */
    account: frameAccountSchema.optional(),
    /** Over the last two seconds; absent until one was measured. */
    fps: z.number().optional(),
  }),
  audio: trackStatisticsSchema.extend({
    /**
     * By how many milliseconds of media time the newest sound is behind the newest picture, or the beginning of the
     * picture where no sound has come. Present where sound is wanted of a live capture; that of a file may end earlier.
     */
    behindMs: z.number().optional(),
  }),
  /** Bits per second of picture and sound, over the same time. */
  bitrate: z.number().optional(),
  /**
   * By how many milliseconds the newest frame came later than its time says; absent before there is one. It grows where
   * the machine cannot capture and encode as fast as time goes by.
   */
  behindMs: z.number().optional(),
  /**
   * How much of its own time the source gave in the time that went by, over the last ten seconds: 1 keeps up, less is too
   * slow. Absent until it has been measured, where the source stands still on purpose, and once it has ended.
   */
  encoderSpeed: z.number().optional(),
});

/**
 * As {@link encodingFields}, and as the user wants it; without sound there is no bitrate of it. Of what is sent as it is, nobody wants a bitrate, and
 * the frames are as many as it has.
 */
export const wantedSchema = z.object({
  fps: z.number(),
  videoBitrate: z.number().optional(),
  audioBitrate: z.number().optional(),
});

/**
 * The whole state of the broadcast. Every change yields a new snapshot, and so does every half second while live, so a
 * reader that was slow or has just come needs only the latest.
 *
 * `idle` → `connecting` → `live` ⇄ `reconnecting` → `stopping` → `ended`; a failure goes to `ended` with `error` from
 * anywhere. `recording`: there is no server to go to, and the media is kept on this machine alone. `live`: somebody may be watching, since a server has accepted the stream and taken media; `reconnecting`:
 * nobody is, since every server that was live is lost, and at least one is being tried.
 */
export const broadcastSnapshotSchema = z.object({
  state: z.enum(['idle', 'connecting', 'recording', 'live', 'reconnecting', 'stopping', 'ended']),
  /** Milliseconds since the epoch. */
  startedAt: z.number().optional(),
  /**
   * When it was live for the first time. What goes on being recorded may be more than one show: this, and {@link onAirMs},
   * is of the newest, which goes on until nobody is left to be tried.
   */
  liveAt: z.number().optional(),
  /**
   * How long it has been live so far by the clock on the wall, in milliseconds: from the first media that a server took to
   * the last that left, without the losses.
   */
  onAirMs: z.number().optional(),
  /** The shows before it of what is recorded, the newest {@link mostRemembered} of them, the oldest first. */
  earlierShows: z.array(z.object({ liveAt: z.number(), onAirMs: z.number() })).optional(),
  /** What the encoders were asked for, which is not what another window has chosen by now. */
  wanted: wantedSchema.optional(),
  /** Absent where the encoder cannot be told another bitrate: then a slow network costs frames. */
  videoBitrate: pictureBitrateSchema.optional(),
  /**
   * Who has the camera: the window that began it, or ffmpeg, whose pictures every window can be shown; or nobody, since it
   * is a stream that others publish, or files.
   */
  capturedBy: z.enum(['renderer', 'ffmpeg', 'stream', 'files']).optional(),
  /** Absent where the source is never away by itself. */
  presence: sourcePresenceSchema.optional(),
  /** It ended since its source, such as a list of files, had come to its end. */
  isPlayedOut: z.boolean().optional(),
  captureSteps: z.array(stepSchema),
  /** In the order in which they were added. One that was removed is gone. */
  outputs: z.array(outputStatusSchema),
  /**
   * What was removed, as it was then: destinations that had been live, recordings that had come to something. The newest
   * {@link mostRemembered} of each kind, the oldest first.
   */
  removed: z.array(outputStatusSchema).optional(),
  statistics: statisticsSchema.optional(),
  /** While it runs; absent where it cannot be measured. */
  program: programLoadSchema.optional(),
  /** While live, once it has been watched for some seconds: every window tells the same. */
  health: healthSchema.optional(),
  /** Why it ended, where it did not end by being stopped. */
  error: appErrorSchema.optional(),
});

export type OutputState = z.infer<typeof outputStateSchema>;
export type OutputStatus = z.infer<typeof outputStatusSchema>;
export type DestinationStatus = z.infer<typeof destinationStatusSchema>;
export type Statistics = z.infer<typeof statisticsSchema>;
export type RecordingStatus = z.infer<typeof recordingStatusSchema>;
export type ReplayStatus = z.infer<typeof replayStatusSchema>;
export type BroadcastSnapshot = z.infer<typeof broadcastSnapshotSchema>;

type WithOutputs = Pick<BroadcastSnapshot, 'outputs'>;
type WithRemoved = Pick<BroadcastSnapshot, 'outputs' | 'removed'>;

/** The RTMP destinations of a broadcast. */
export const destinationsOf = ({ outputs }: WithOutputs): DestinationStatus[] =>
  outputs.filter((output) => output.type === 'rtmp');

/** Those, and those that had been live and were removed. */
export const everyDestination = ({ outputs, removed = [] }: WithRemoved): DestinationStatus[] =>
  destinationsOf({ outputs: [...outputs, ...removed] });

/** The replay buffer of a broadcast, where it has one. */
export const replayOf = ({ outputs }: WithOutputs): ReplayStatus | undefined =>
  outputs.find((output) => output.type === 'replay');

/** How much a replay buffer can hold. */
export const replaySeconds = { least: 5, most: 300 } as const;

/** A disk on which a recording has no more room than for so many milliseconds is worth a warning. */
const lowSpaceMs = 15 * 60_000;

/** For how many minutes the disk of a recording lasts, where that is worth a warning. */
export const minutesLeft = ({ state, space }: RecordingStatus): number | undefined =>
  state === 'live' && space?.leftMs !== undefined && space.leftMs < lowSpaceMs
    ? Math.floor(space.leftMs / 60_000)
    : undefined;

/** The files to which a broadcast is recorded. */
export const recordingsOf = ({ outputs }: WithOutputs): RecordingStatus[] =>
  outputs.filter((output) => output.type === 'recording');

/** Those, and before them those that gave way to others. */
export const everyRecording = ({ outputs, removed = [] }: WithRemoved): RecordingStatus[] =>
  recordingsOf({ outputs: [...removed, ...outputs] });

/** What came of each replay that was to be saved. */
export const replaySaves = ({ outputs, removed = [] }: WithRemoved): ReplaySave[] =>
  [...removed, ...outputs].flatMap((output) =>
    output.type === 'replay' ? (output.saves ?? []) : [],
  );
