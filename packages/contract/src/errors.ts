import { z } from 'zod';
import { phaseSchema, type Phase } from './phases.js';

/** Exit codes of the command line; one per kind of failure, so that scripts can branch on them. */
export const exitCodes = {
  done: 0,
  usage: 2,
  noConnection: 3,
  refused: 4,
  capture: 5,
  interrupted: 6,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

interface CatalogueEntry {
  readonly exitCode: ExitCode;
  /** What happened. `{name}` is replaced by the value of that name in the error's data. */
  readonly message: string;
  /** What to do about it; the same placeholders. */
  readonly remedy: string;
}

/** Every failure that Tallylight can report, in one place: the window, the command line and the log say the same. */
export const errorCatalogue = {
  INVALID_URL: {
    exitCode: exitCodes.usage,
    message: 'The server URL "{url}" is not an RTMP address: {reason}.',
    remedy: 'Use the form rtmp://host/app or rtmps://host/app.',
  },
  EMPTY_KEY: {
    exitCode: exitCodes.usage,
    message: 'There is no stream key for {destination}.',
    remedy:
      'Copy the stream key from the service’s dashboard, and enter it with the server’s address.',
  },
  INVALID_OPTION: {
    exitCode: exitCodes.usage,
    message: '{reason}',
    remedy: 'Run "tallylight --help" to see what is accepted.',
  },
  PROFILE_NOT_FOUND: {
    exitCode: exitCodes.usage,
    message: 'There is no profile named "{profile}".',
    remedy: 'Choose one of the saved profiles, or create it first.',
  },
  PROFILE_READ_ONLY: {
    exitCode: exitCodes.usage,
    message: 'The profile "{profile}" comes with Tallylight and cannot be changed.',
    remedy: 'Create a new profile instead.',
  },
  PROFILE_NAME_TAKEN: {
    exitCode: exitCodes.usage,
    message: 'Another profile is already named "{profile}".',
    remedy: 'Choose another name.',
  },
  KEY_UNREADABLE: {
    exitCode: exitCodes.usage,
    message: 'The saved stream key of "{profile}" cannot be decrypted here: {reason}.',
    remedy: 'Enter the key again and save the profile.',
  },
  HOST_NOT_FOUND: {
    exitCode: exitCodes.noConnection,
    message: 'No server named {host} was found.',
    remedy: 'Check the server URL for a typing error, and the network connection.',
  },
  CONNECTION_REFUSED: {
    exitCode: exitCodes.noConnection,
    message: '{host} refused the connection on port {port}.',
    remedy: 'Check the port in the server URL, and that the server is running.',
  },
  HOST_UNREACHABLE: {
    exitCode: exitCodes.noConnection,
    message: '{host} cannot be reached from this network.',
    remedy: 'Check the network connection, VPN and firewall.',
  },
  CONNECT_TIMEOUT: {
    exitCode: exitCodes.noConnection,
    message: '{host} did not answer on port {port} in time.',
    remedy: 'Check the server URL; a firewall may be blocking the port.',
  },
  SERVER_SILENT: {
    exitCode: exitCodes.noConnection,
    message: '{host} took the connection, then did not answer ({phase}).',
    remedy: 'Check the port; the server may be overloaded or may expect rtmps:// instead.',
  },
  NOT_RTMP: {
    exitCode: exitCodes.noConnection,
    message: 'What answered on {host}:{port} does not speak RTMP ({reason}).',
    remedy: 'Check the port in the server URL; RTMP is usually on 1935, RTMPS on 443.',
  },
  TLS_NOT_SPOKEN: {
    exitCode: exitCodes.noConnection,
    message: '{host}:{port} does not speak TLS.',
    remedy: 'Use rtmp:// instead of rtmps://, or the server’s TLS port.',
  },
  TLS_CERTIFICATE: {
    exitCode: exitCodes.noConnection,
    message: 'The certificate of {host} is not trusted: {reason}.',
    remedy: 'Check the host name and the clock; never send a key to a server you cannot verify.',
  },
  CONNECTION_LOST: {
    exitCode: exitCodes.noConnection,
    message: 'The connection to {host} was lost ({reason}).',
    remedy: 'Check the network connection, then go live again.',
  },
  APP_REJECTED: {
    exitCode: exitCodes.refused,
    message: '{host} refused the application "{app}": {reason}.',
    remedy: 'Check the path of the server URL.',
  },
  STREAM_REFUSED: {
    exitCode: exitCodes.refused,
    message: '{host} refused the stream: {reason}.',
    remedy: 'Check the stream key, and that the stream is enabled.',
  },
  STREAM_BUSY: {
    exitCode: exitCodes.refused,
    message: '{host} says that this stream is already live: {reason}.',
    remedy: 'Stop the other broadcast with the same key, or wait until the server lets it go.',
  },
  CLOSED_AFTER_PUBLISH: {
    exitCode: exitCodes.refused,
    message: '{host} closed the connection right after publish.',
    remedy: 'Check the stream key; it may be wrong, live elsewhere or not enabled.',
  },
  AUTH_REQUIRED: {
    exitCode: exitCodes.refused,
    message: '{host} asks for a user name and a password.',
    remedy: 'Sign-in with a password is not supported yet; use a stream key.',
  },
  STREAM_NOT_FOUND: {
    exitCode: exitCodes.refused,
    message: '{host} has no stream of that name: {reason}.',
    remedy: 'Check the URL, and that somebody is publishing to it.',
  },
  NO_MEDIA_RECEIVED: {
    exitCode: exitCodes.noConnection,
    message: '{host} sent no media within {seconds} s.',
    remedy: 'Check that somebody is publishing to this stream.',
  },
  FFMPEG_MISSING: {
    exitCode: exitCodes.capture,
    message: 'No working ffmpeg was found ({reason}).',
    remedy: 'Install ffmpeg, or set TALLYLIGHT_FFMPEG to its path.',
  },
  FILE_UNREADABLE: {
    exitCode: exitCodes.capture,
    message: 'The file {file} cannot be read: {reason}.',
    remedy: 'Check the path and the permissions, and that it is a media file.',
  },
  NO_VIDEO: {
    exitCode: exitCodes.capture,
    message: '{file} has no video.',
    remedy: 'Choose a file that has a picture.',
  },
  CODEC_NOT_COPYABLE: {
    exitCode: exitCodes.capture,
    message: '{file} holds {codec}, which cannot be sent as it is.',
    remedy: 'Publish it without --copy, so that it is encoded as H.264 and AAC.',
  },
  CAMERA_IN_USE: {
    exitCode: exitCodes.capture,
    message: 'The camera {device} is in use by another program.',
    remedy: 'Close the other program (a browser tab, OBS, a meeting) and try again.',
  },
  CAMERA_NOT_FOUND: {
    exitCode: exitCodes.capture,
    message: 'The camera {device} was not found.',
    remedy: 'Plug it in, or choose another; "tallylight devices" lists them.',
  },
  CAMERA_DENIED: {
    exitCode: exitCodes.capture,
    message: 'Access to the camera or microphone was denied.',
    remedy: 'Allow it in the system’s privacy settings and in the browser’s site settings.',
  },
  CAMERA_MODE: {
    exitCode: exitCodes.capture,
    message: 'The camera {device} does not deliver {mode}.',
    remedy: 'Choose another resolution or frame rate.',
  },
  MICROPHONE_FAILED: {
    exitCode: exitCodes.capture,
    message: 'The microphone {device} cannot be opened: {reason}.',
    remedy: 'Close other programs that use it, or choose another.',
  },
  CAPTURE_STALLED: {
    exitCode: exitCodes.capture,
    message: 'No picture came from {device} for {seconds} s.',
    remedy: 'Unplug and replug the camera, or choose another.',
  },
  CAPTURE_FAILED: {
    exitCode: exitCodes.capture,
    message: 'Capture stopped: {reason}.',
    remedy: 'Check the device and try again.',
  },
  SOURCE_EMPTY: {
    exitCode: exitCodes.capture,
    message: '{source} ended before there was a single picture.',
    remedy: 'Check that it has a picture that can be decoded, or choose another source.',
  },
  CANNOT_CHANGE_BITRATE: {
    exitCode: exitCodes.usage,
    message: 'The bitrate of {source} cannot be changed while it is on air.',
    remedy: 'Stop, choose another bitrate, and go live again; or use the WebCodecs engine.',
  },
  ENCODER_FAILED: {
    exitCode: exitCodes.capture,
    message: 'The encoder {encoder} failed: {reason}.',
    remedy: 'Choose another engine, encoder or a lower resolution.',
  },
  RECORDING_FAILED: {
    exitCode: exitCodes.capture,
    message: 'The recording {file} cannot be written: {reason}.',
    remedy: 'Check the folder, the permissions and the free space.',
  },
  PORT_IN_USE: {
    exitCode: exitCodes.usage,
    message: '{address} is already in use.',
    remedy: 'Stop the other program, or choose another port.',
  },
  SETTINGS_CORRUPT: {
    exitCode: exitCodes.usage,
    message: 'The settings file was unreadable and has been set aside as {file}.',
    remedy: 'Tallylight starts with its defaults; profiles can be entered again.',
  },
  SETTINGS_MENDED: {
    exitCode: exitCodes.usage,
    message:
      'The picture’s {field} was set to {was}, which cannot be encoded; {now} is used instead.',
    remedy: 'Choose another resolution if that is not what you want.',
  },
  SETTINGS_UNREADABLE: {
    exitCode: exitCodes.usage,
    message: 'The file {file} cannot be read: {reason}.',
    remedy: 'Put that right, then start again; nothing in it was changed.',
  },
  SETTINGS_UNWRITABLE: {
    exitCode: exitCodes.usage,
    message: 'The file {file} cannot be saved: {reason}.',
    remedy: 'Put that right, then save again; what was saved before is still there.',
  },
  BROADCAST_ACTIVE: {
    exitCode: exitCodes.usage,
    message: 'A broadcast is already running.',
    remedy: 'Stop it before starting another.',
  },
  NOT_BROADCASTING: {
    exitCode: exitCodes.usage,
    message: 'No broadcast is running.',
    remedy: 'Go live first.',
  },
  OUTPUT_NOT_FOUND: {
    exitCode: exitCodes.usage,
    message: 'The broadcast has no output "{output}".',
    remedy: 'It may have been removed or have ended; look at the list of outputs.',
  },
  OUTPUT_ACTIVE: {
    exitCode: exitCodes.usage,
    message: 'The broadcast already goes to "{output}".',
    remedy: 'Remove it first, or choose another.',
  },
  ENGINE_GONE: {
    exitCode: exitCodes.noConnection,
    message: 'The connection to Tallylight’s engine was lost.',
    remedy: 'Restart Tallylight.',
  },
  WINDOW_GONE: {
    exitCode: exitCodes.capture,
    message: 'The window that was sending the picture is gone.',
    remedy: 'Open it again and go live once more.',
  },
  INTERNAL: {
    exitCode: exitCodes.capture,
    message: 'Something unexpected went wrong: {reason}.',
    remedy: 'Please report this with the log.',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

const codes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]];

export const errorDataSchema = z.record(z.string(), z.union([z.string(), z.number()]));

export type ErrorData = z.infer<typeof errorDataSchema>;

/** An error as it crosses a boundary: no class, no stack. */
export const appErrorSchema = z.object({
  code: z.enum(codes),
  message: z.string(),
  remedy: z.string(),
  phase: phaseSchema.optional(),
  data: errorDataSchema,
});

export type AppErrorInfo = z.infer<typeof appErrorSchema>;

const fill = (template: string, data: ErrorData): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) =>
    Object.hasOwn(data, name) ? String(data[name]) : 'unknown',
  );

/** Builds the error of `code`; the sentences come from the catalogue, filled with `data`. */
export function describeError(code: ErrorCode, data: ErrorData = {}, phase?: Phase): AppErrorInfo {
  const { message, remedy } = errorCatalogue[code];
  return {
    code,
    message: fill(message, data),
    remedy: fill(remedy, data),
    ...(phase && { phase }),
    data,
  };
}
