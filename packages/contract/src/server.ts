import { z } from 'zod';
import { appErrorSchema } from './errors.js';
import { wordingSchema } from './reasons.js';

const portSchema = z.number().int().min(1).max(65_535);

/** The built-in server as it is set up in the window. Its keys are secrets, and not among this. */
export const serverSettingsSchema = z.object({
  /** It runs, and runs again when the application is started again. */
  isOn: z.boolean(),
  /** It listens on the network, and takes nobody's stream without the publish key; else it is for this machine alone. */
  isPublic: z.boolean(),
  /** On the network nobody watches without the play key, or a link that it signed. */
  wantsPlayKey: z.boolean(),
  /** Publishers from the network authenticate: any user, and the publish key as the password. */
  wantsPublishAuth: z.boolean(),
  rtmpPort: portSchema,
  httpPort: portSchema,
  /** The folder into which every stream is recorded; empty: none is. */
  recordTo: z.string().trim().max(4096),
});

export type ServerSettings = z.infer<typeof serverSettingsSchema>;

/** Those that the specification, and habit, have made the usual ones. */
export const defaultServerPorts = { rtmpPort: 1935, httpPort: 8080 } as const;

export const serverKeySchema = z.enum(['publishKey', 'playKey']);

export type ServerKey = z.infer<typeof serverKeySchema>;

/** In clear; absent where none was made yet. */
export const serverKeysSchema = z.partialRecord(serverKeySchema, z.string());

export type ServerKeys = z.infer<typeof serverKeysSchema>;

/** An address of this machine at which the server answers. */
export const serverHostSchema = z.object({
  /** As in a URL: an IPv6 address stands in brackets. */
  host: z.string(),
  /** What the system calls the way there, such as `eth0`. */
  network: z.string(),
  /**
   * `network`: others reach it; `virtual`: a network of containers, virtual machines or a VPN; `this-machine`: nobody
   * else reaches it.
   */
  reach: z.enum(['network', 'virtual', 'this-machine']),
});

export type ServerHost = z.infer<typeof serverHostSchema>;

export const serverProtocolSchema = z.enum(['rtmp', 'http-flv', 'ws-flv', 'hls', 'dash']);

export const serverStreamSchema = z.object({
  app: z.string(),
  name: z.string(),
  /** Milliseconds since the epoch. */
  since: z.number(),
  /** Sizes are in pixels; absent where the stream does not say it. */
  video: z
    .object({ codec: z.string(), width: z.number().optional(), height: z.number().optional() })
    .optional(),
  /** The rate is in hertz. */
  audio: z
    .object({
      codec: z.string(),
      sampleRate: z.number().optional(),
      channels: z.number().optional(),
    })
    .optional(),
  /** Bits per second that come in; absent until a second was measured. */
  bitrate: z.number().optional(),
  /** How many watch, by the way in which they do; ways that nobody takes are absent. */
  viewers: z.partialRecord(serverProtocolSchema, z.number()),
});

export type ServerStream = z.infer<typeof serverStreamSchema>;

/** Somebody was not let in. Who tries again, in vain and for the same reason, is counted. */
export const serverRefusalSchema = z.object({
  role: z.enum(['publisher', 'player']),
  /** The address without its port. */
  remote: z.string(),
  why: wordingSchema,
  /** The last time, milliseconds since the epoch. */
  at: z.number(),
  times: z.number(),
});

export type ServerRefusal = z.infer<typeof serverRefusalSchema>;

/** What is wrong with the server, beside what it is to be told. */
export const serverProblemSchema = z.object({
  field: z.enum(['isOn', 'rtmpPort', 'httpPort', 'recordTo', 'publishKey', 'playKey']),
  error: appErrorSchema,
});

export type ServerProblem = z.infer<typeof serverProblemSchema>;

/** The built-in server as the window sees it. Every change yields a new one, and so does every second while it runs. */
export const serverSnapshotSchema = z.object({
  settings: serverSettingsSchema,
  /** `failed`: it should run and does not; `problem` says why. */
  state: z.enum(['off', 'starting', 'on', 'failed']),
  problem: serverProblemSchema.optional(),
  /** While it runs: the address that most probably helps is the first, this machine's own the last. */
  hosts: z.array(serverHostSchema),
  streams: z.array(serverStreamSchema),
  /** The newest first. */
  refusals: z.array(serverRefusalSchema),
});

export type ServerSnapshot = z.infer<typeof serverSnapshotSchema>;

/** A link to the viewer page. */
export const viewerLinkSchema = z.object({
  url: z.string(),
  /** When it expires, milliseconds since the epoch; absent where everybody may watch. */
  until: z.number().optional(),
});

export type ViewerLink = z.infer<typeof viewerLinkSchema>;
