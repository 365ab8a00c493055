import { z } from 'zod';
import { phaseSchema, type Phase } from './phases.js';
import { errorDataSchema, type ErrorData } from './reasons.js';

/** Exit codes of the command line; one per kind of failure, so that scripts can branch on them. */
export const exitCodes = {
  done: 0,
  usage: 2,
  noConnection: 3,
  refused: 4,
  capture: 5,
  interrupted: 6,
  /** Some of what was asked for failed, and the rest was done: one of several destinations, or the recording. */
  partly: 7,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Every failure that Tallylight can report, with the exit code of a command that ends with it. */
export const errorExitCodes = {
  INVALID_URL: exitCodes.usage,
  EMPTY_KEY: exitCodes.usage,
  KEY_IN_URL: exitCodes.usage,
  KEY_WITH_SPACE: exitCodes.usage,
  KEY_NOT_ASCII: exitCodes.usage,
  KEY_IS_ADDRESS: exitCodes.usage,
  URL_READ_AS: exitCodes.usage,
  URL_WITHOUT_APP: exitCodes.usage,
  SERVICE_NEEDS_TLS: exitCodes.usage,
  SERVICE_VIDEO_BITRATE: exitCodes.usage,
  SERVICE_VIDEO_BITRATE_ADVISED: exitCodes.usage,
  SERVICE_AUDIO_BITRATE: exitCodes.usage,
  SERVICE_SIZE: exitCodes.usage,
  SERVICE_FPS: exitCodes.usage,
  SERVICE_KEYFRAMES: exitCodes.usage,
  SERVICE_CODEC: exitCodes.usage,
  SERVICE_NEEDS_SOUND: exitCodes.usage,
  CERTIFICATE_ENDS: exitCodes.usage,
  CHECK_ON_AIR: exitCodes.usage,
  CHECK_RUNNING: exitCodes.usage,
  INVALID_OPTION: exitCodes.usage,
  PROFILE_NOT_FOUND: exitCodes.usage,
  PROFILE_DELETED_ELSEWHERE: exitCodes.usage,
  PROFILE_READ_ONLY: exitCodes.usage,
  PROFILE_NAME_TAKEN: exitCodes.usage,
  PROFILE_NAMELESS: exitCodes.usage,
  PROFILE_NAME_TOO_LONG: exitCodes.usage,
  PROFILE_NAME_IS_URL: exitCodes.usage,
  PROFILE_NAME_IS_KEY: exitCodes.usage,
  PROFILE_VALUE_TOO_LONG: exitCodes.usage,
  PROFILE_WITHOUT_URL: exitCodes.usage,
  PLAY_URL_INVALID: exitCodes.usage,
  NO_DESTINATION_TICKED: exitCodes.usage,
  TOO_MANY_DESTINATIONS: exitCodes.usage,
  KEY_UNREADABLE: exitCodes.usage,
  HOST_NOT_FOUND: exitCodes.noConnection,
  CONNECTION_REFUSED: exitCodes.noConnection,
  HOST_UNREACHABLE: exitCodes.noConnection,
  CONNECT_TIMEOUT: exitCodes.noConnection,
  SERVER_SILENT: exitCodes.noConnection,
  NOT_RTMP: exitCodes.noConnection,
  TLS_NOT_SPOKEN: exitCodes.noConnection,
  TLS_CERTIFICATE: exitCodes.noConnection,
  CONNECTION_LOST: exitCodes.noConnection,
  CLOSED_AT_PUBLISH: exitCodes.noConnection,
  APP_REJECTED: exitCodes.refused,
  APP_MISSING: exitCodes.refused,
  STREAM_REFUSED: exitCodes.refused,
  STREAM_BUSY: exitCodes.refused,
  STREAM_HELD: exitCodes.refused,
  CLOSED_AFTER_PUBLISH: exitCodes.refused,
  KEEPS_CLOSING: exitCodes.refused,
  AUTH_REQUIRED: exitCodes.refused,
  AUTH_FAILED: exitCodes.refused,
  STREAM_NOT_FOUND: exitCodes.refused,
  PLAY_REFUSED: exitCodes.refused,
  NO_MEDIA_RECEIVED: exitCodes.noConnection,
  FFMPEG_MISSING: exitCodes.capture,
  FILE_UNREADABLE: exitCodes.capture,
  NO_VIDEO: exitCodes.capture,
  CODEC_NOT_COPYABLE: exitCodes.capture,
  FILE_NOT_COPYABLE: exitCodes.capture,
  FILE_FAILED: exitCodes.capture,
  FILE_DAMAGED: exitCodes.capture,
  FILE_LIST_EMPTY: exitCodes.usage,
  FILE_LIST_FULL: exitCodes.usage,
  FILE_IN_USE: exitCodes.usage,
  FILE_NOT_TAKEN: exitCodes.capture,
  NOT_PLAYING: exitCodes.usage,
  CAMERA_IN_USE: exitCodes.capture,
  CAMERA_NOT_FOUND: exitCodes.capture,
  CAMERA_DENIED: exitCodes.capture,
  CAMERA_MODE: exitCodes.capture,
  MICROPHONE_FAILED: exitCodes.capture,
  CAPTURE_STALLED: exitCodes.capture,
  CAPTURE_FAILED: exitCodes.capture,
  SOURCE_EMPTY: exitCodes.capture,
  CANNOT_CHANGE_BITRATE: exitCodes.usage,
  ENCODER_FAILED: exitCodes.capture,
  RECORDING_FAILED: exitCodes.capture,
  FILE_UNWRITABLE: exitCodes.capture,
  FOLDER_NOT_SHOWN: exitCodes.capture,
  PORT_IN_USE: exitCodes.usage,
  SERVER_IN_USE: exitCodes.usage,
  SERVER_OFF: exitCodes.usage,
  SERVER_KEY_MISSING: exitCodes.usage,
  SERVER_KEY_UNREADABLE: exitCodes.usage,
  SERVER_FOLDER_UNUSABLE: exitCodes.usage,
  SETTINGS_CORRUPT: exitCodes.usage,
  SETTINGS_MENDED: exitCodes.usage,
  DATA_FOLDER_UNUSABLE: exitCodes.usage,
  SETTINGS_UNREADABLE: exitCodes.usage,
  SETTINGS_UNWRITABLE: exitCodes.usage,
  BROADCAST_ACTIVE: exitCodes.usage,
  NOT_BROADCASTING: exitCodes.usage,
  OUTPUT_NOT_FOUND: exitCodes.usage,
  OUTPUT_ACTIVE: exitCodes.usage,
  ENGINE_GONE: exitCodes.noConnection,
  STUDIO_GONE: exitCodes.noConnection,
  WINDOW_REFUSED: exitCodes.noConnection,
  WINDOW_GONE: exitCodes.capture,
  INTERNAL: exitCodes.capture,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof errorExitCodes;

/** Whether a server was there and did not want what it got. */
export const isRefusal = ({ code }: { readonly code: ErrorCode }): boolean =>
  errorExitCodes[code] === exitCodes.refused;

const codes = Object.keys(errorExitCodes) as [ErrorCode, ...ErrorCode[]];

/** An error as it crosses a boundary: no class, no stack, and no sentence: those are made where it is shown. */
export const appErrorSchema = z.object({
  code: z.enum(codes),
  phase: phaseSchema.optional(),
  data: errorDataSchema,
});

export type AppErrorInfo = z.infer<typeof appErrorSchema>;

/** An error of `code`. */
export const describeError = (
  code: ErrorCode,
  data: ErrorData = {},
  phase?: Phase,
): AppErrorInfo => ({
  code,
  ...(phase && { phase }),
  data,
});
