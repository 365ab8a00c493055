import { z } from 'zod';
import { appErrorSchema } from './errors.js';
import { streamInputId } from './settings.js';

/** Where others publish to, so that a window can send on what they publish. */
export const streamAddressSchema = z.object({
  /** The whole address, for programs that take one. */
  url: z.string(),
  /** The same in two, as OBS and phones want it. */
  serverUrl: z.string(),
  streamKey: z.string(),
});

/** A stream on the built-in server, as it is switched on in the window. */
export const serverStreamNameSchema = z.object({ app: z.string(), name: z.string() });

/** Which stream: one on the built-in server, or, where absent, what is published to the input's own address. */
export const streamChoiceSchema = z.object({ from: serverStreamNameSchema.optional() });

export const streamInputSchema = z.object({
  /** Of the input's own, once it was opened. */
  address: streamAddressSchema.optional(),
  /** Whether somebody publishes there. */
  isPublished: z.boolean(),
  /** Why nobody can. */
  error: appErrorSchema.optional(),
});

export type ServerStreamName = z.infer<typeof serverStreamNameSchema>;
export type StreamChoice = z.infer<typeof streamChoiceSchema>;
export type StreamAddress = z.infer<typeof streamAddressSchema>;
export type StreamInput = z.infer<typeof streamInputSchema>;

/** The reserved device id under which a stream on the built-in server is chosen. */
export const serverStreamId = ({ app, name }: ServerStreamName): string =>
  `${streamInputId}:${encodeURIComponent(app)}/${encodeURIComponent(name)}`;

/** Which stream is chosen by a device id; `undefined` where it is no stream's. */
export function streamChoiceOf(deviceId: string): StreamChoice | undefined {
  if (deviceId === streamInputId) return {};
  const [, app, name] = new RegExp(`^${streamInputId}:([^/]*)/([^/]+)$`).exec(deviceId) ?? [];
  if (app === undefined || name === undefined) return undefined;
  try {
    return { from: { app: decodeURIComponent(app), name: decodeURIComponent(name) } };
  } catch {
    // Not made here.
    return undefined;
  }
}
