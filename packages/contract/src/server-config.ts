import { z } from 'zod';
import { appErrorSchema } from './errors.js';

/** The servers that configurations are written for. */
export const serverEngines = ['nginx', 'srs'] as const;

export type ServerEngine = (typeof serverEngines)[number];

/**
 * What a server is in a service of several: alone, the origin that takes the streams in, or one of its edges, which fetch
 * from it what their viewers ask for.
 */
export const serverRoles = ['single', 'origin', 'edge'] as const;

export type ServerRole = (typeof serverRoles)[number];

/** What is said of a server whose configuration is to be written, and may be wrong. */
export const serverConfigFieldSchema = z.enum([
  ...(['role', 'host', 'rtmp', 'http', 'app', 'origin', 'originHttp'] as const),
  ...(['hls', 'dash', 'record', 'push', 'publishKey', 'workFolder'] as const),
]);

export type ServerConfigField = z.infer<typeof serverConfigFieldSchema>;

const textSchema = z.string().trim().max(4096);

/** A server's configuration as it is typed in the window; what is empty is not wanted. */
export const serverConfigInputSchema = z.object({
  engine: z.enum(serverEngines),
  role: z.enum(serverRoles),
  /** By which name or address others reach the server. */
  host: textSchema,
  /** `HOST:PORT` where it listens. */
  rtmp: textSchema,
  http: textSchema,
  /** The application. */
  app: textSchema,
  /** `HOST:PORT` of an edge's origin. */
  origin: textSchema,
  originHttp: textSchema,
  hls: z.boolean(),
  dash: z.boolean(),
  stat: z.boolean(),
  /** The folder on the server that streams are recorded to. */
  record: textSchema,
  /** Where each stream is passed on to. May hold keys. */
  push: z.array(textSchema).max(16),
  /** Secret. */
  publishKey: z.string().max(1024),
  /** Where nginx makes its folder. */
  workFolder: textSchema,
  /** Of the comments. */
  language: z.enum(['en', 'zh-CN']),
});

export type ServerConfigInput = z.infer<typeof serverConfigInputSchema>;

export const serverConfigProblemSchema = z.object({
  field: serverConfigFieldSchema,
  /** Which of several. */
  index: z.number().optional(),
  error: appErrorSchema,
});

export type ServerConfigProblem = z.infer<typeof serverConfigProblemSchema>;

/** What an address of the server is for, in the order in which they are shown. */
export const serverAddressKinds = [
  ...(['publish', 'rtmp', 'hls', 'dash', 'flv', 'page', 'statistics'] as const),
] as const;

export const serverConfigAnswerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('written'),
    /** The file. It holds the keys in clear. */
    text: z.string(),
    /** Whether it holds what others must not see. */
    holdsSecrets: z.boolean(),
    /** Whether everybody who reaches it can publish. */
    isOpen: z.boolean(),
    /** Without the key; NAME stands for any stream's, SERVER for a server whose name was not given. */
    addresses: z.array(z.object({ kind: z.enum(serverAddressKinds), url: z.string() })),
    /** What a broadcast of this program goes to; absent where nobody publishes, or the server has no name. Secret. */
    destination: z.object({ serverUrl: z.string(), streamKey: z.string() }).optional(),
  }),
  z.object({ type: z.literal('refused'), problems: z.array(serverConfigProblemSchema) }),
]);

export type ServerConfigAnswer = z.infer<typeof serverConfigAnswerSchema>;
