import { z } from 'zod';

/**
 * What is a part of a sentence: mostly why something failed. What servers, systems and programs say themselves goes as
 * text; what we say goes as one of these, so that it can be said in any language.
 */
export const reasonCodes = [
  // Files.
  ...['permission-denied', 'is-folder', 'path-part-not-folder', 'file-exists', 'disk-full'],
  ...['quota-full', 'disk-read-only', 'too-many-files', 'name-too-long', 'link-loop'],
  ...['disk-broken', 'no-such-file', 'no-such-folder', 'not-regular-file', 'reading-too-slow'],
  ...['file-empty', 'no-presentation-times', 'codec-not-in-container', 'cut-short'],
  ...['damaged-data', 'other-pictures', 'other-sounds', 'copied-unturned'],
  ...['copied-unusual-format', 'sound-only', 'hdr-mapped', 'hdr-not-mapped'],
  ...['transfer-broken', 'transfer-too-slow', 'too-much-copied'],
  ...['other-codec', 'of-file', 'several-files', 'no-playlist', 'playlist-empty'],
  ...['playlist-too-long', 'playlist-holds-address'],
  ...['reader-gone', 'file-busy', 'file-too-big', 'no-reader', 'disk-gone', 'disk-too-slow'],
  ...['disk-silent', 'system-refuses', 'standard-output'],
  ...['standard-input', 'no-file-made-there', 'no-folder-made-there', 'not-folder'],
  'file-of-another-user',
  ...['file-removed', 'disk-nearly-full', 'replay-empty', 'replay-busy', 'space-low'],
  'space-lowest',
  ...['replay-off', 'not-our-recording', 'no-file-manager', 'folder-not-whole'],
  ...[
    'not-a-split',
    'only-with-option',
    'nothing-recorded',
    'no-replay',
    'last-output',
    'not-a-replay-length',
  ],
  ...['malformed', 'no-media-file', 'ffmpeg-cannot-open', 'not-exported-profiles'],
  // Secrets.
  ...['asked-for', 'no-secret-store', 'secret-store-silent', 'secret-store-broken'],
  ...['foreign-entry', 'key-damaged', 'key-of-another-machine', 'key-of-another-program'],
  'key-of-another-store',
  // Connections.
  ...['closed', 'reset', 'closed-each-time', 'timed-out', 'no-reason-given'],
  ...['peer-web-server', 'peer-expects-tls', 'peer-ssh-server', 'peer-unknown'],
  ...['authentication-unknown', 'too-many-redirects', 'certificate-expired'],
  ...['certificate-not-yet-valid', 'certificate-of-another', 'certificate-self-signed'],
  ...['certificate-unknown-issuer', 'server-silent', 'server-answers-again'],
  // The bitrate follows the network.
  ...['bitrate-lowered', 'bitrate-whole', 'bitrate-overruled'],
  // Publishers of the built-in server.
  ...['publish-key-missing', 'publish-key-wrong', 'stream-name-taken', 'too-many-streams'],
  'publisher-not-allowed',
  // Players of the built-in server.
  ...['play-key-missing', 'play-key-wrong', 'link-expired', 'link-elsewhere', 'player-not-allowed'],
  'closed-without-tls',
  // Addresses.
  ...['url-no-scheme', 'url-lacks-scheme', 'url-host-alone', 'url-other-scheme', 'url-no-host'],
  ...['url-host-malformed', 'url-ipv6-malformed', 'url-ipv6-without-brackets'],
  ...['url-port-malformed', 'url-character', 'url-rtmpe', 'url-rtmpt', 'url-rtmfp'],
  ...['character-space', 'character-tab', 'character-line-break', 'character-invisible'],
  // ffmpeg and encoders.
  ...['ffmpeg-nowhere', 'ffmpeg-silent', 'ffmpeg-cannot-run', 'ffmpeg-is-none', 'ffmpeg-lacks'],
  ...['ffmpeg-ended', 'ffmpeg-wrote-no-flv', 'encoder-not-in-ffmpeg', 'encoder-not-h264'],
  ...[
    'no-encoder-works',
    'encoder-hangs',
    'encoder-fails',
    'encoder-late',
    'encoder-gave-none',
    'no-h264-encoder',
  ],
  ...['no-nvidia', 'no-intel', 'no-vaapi', 'no-amd'],
  // Devices.
  ...['not-found', 'sound-server-silent', 'not-readable', 'device-gone', 'no-sound-for'],
  ...['devices-silent', 'camera-late', 'no-camera-open', 'no-devices-known', 'no-picture'],
  'chosen-device',
  // The window and its browser.
  ...['cameras-not-allowed', 'browser-lacks-engine', 'browser-cannot-record'],
  ...['recording-unreadable', 'frames-for-recording', 'recorded-no-picture'],
  ...['picture-not-sendable', 'sound-not-sendable'],
  ...['window-sent-nonsense', 'encoder-stopped', 'engine-too-slow'],
  // Names, and facts of the checklist.
  ...['server-url', 'stream-key', 'user-name', 'password', 'play-url', 'port'],
  ...['slate', 'port-for-source', 'destination-is-source', 'not-with-stream', 'only-with-stream'],
  'other-stream-published',
  ...['test-picture', 'mode', 'no-sound-yet', 'ping-answered', 'bytes-acknowledged'],
  'bytes-not-acknowledged',
  // The sound beside the picture.
  ...['sound-behind', 'no-sound-yet-for', 'sound-caught-up', 'sound-not-sent', 'no-sound-sent'],
  // What was typed.
  ...[
    'only-one-option',
    'public-needs-key',
    'public-opens-nothing',
    'auth-needs-key',
    'tls-needs-both',
    'tls-unusable',
    'tls-swapped',
    'tls-no-certificate',
    'tls-no-key',
    'tls-key-encrypted',
    'tls-no-pair',
    'empty-server-key',
    'not-a-stream',
    'not-a-time',
    'not-an-http-url',
    'not-a-hook',
    'no-play-key',
    'segment-out-of-range',
    'one-for-each-url',
    'given-twice',
    'not-used-here',
    'variable-not-set',
    'user-needs-password',
    'password-needs-user',
    'key-is-other-url',
    'path-beside-app',
    'no-destination',
    'nothing-to-check',
    'only-with-file',
    'only-files-in-order',
    'not-with-copy',
  ],
  ...[
    'not-a-bitrate',
    'not-a-size',
    'not-seconds',
    'not-a-reconnect-time',
    'not-a-hold-time',
    'not-a-number-between',
    'not-a-frame-rate',
    'not-host-and-port',
    'not-a-source',
  ],
  ...[
    'not-a-port',
    'not-a-fixed-port',
    'too-small',
    'too-big',
    'side-too-small',
    'side-too-big',
    'width',
    'height',
    'size-odd',
    'not-flv',
    'not-a-recording',
    'no-destination-left',
    'nothing-to-retry',
    'last-destination',
    'codec-not-in-mp4',
    'no-command',
    'built-in-server',
    'out-of-range',
    'one-stdout',
    'export-needs-file',
    'file-not-written',
  ],
  ...['file-not-read', 'window-not-built', 'cannot-listen', 'not-a-language'],
  ...['unknown-option', 'unknown-command', 'missing-argument', 'missing-option'],
  ...['option-needs-value', 'too-many-arguments', 'not-understood'],
  'field-not-accepted',
  // Addresses whose parts are only examples.
  ...['preset-needs-address', 'address-example', 'example-app'],
  // Lines that lead a running broadcast: what is wrong with them, what would be right, and what was given.
  ...['control-not-json', 'control-too-long', 'control-type', 'control-field', 'control-one-of'],
  ...['control-unknown-field', 'control-name', 'control-recording', 'control-which-recording'],
  ...['expects-line-id', 'expects-bitrate', 'expects-address', 'expects-profile'],
  ...['expects-destination', 'expects-recording', 'expects-new-file'],
  ...['given-nothing', 'given-several', 'given-other-field', 'given-text', 'given-number'],
  ...['given-boolean', 'given-list', 'given-object'],
  ...[
    'same-destination',
    'already-sent-to',
    'import-without-profiles',
    'import-newer',
    'exported-by-newer',
  ],
  // Configurations of other servers.
  ...['not-one-of', 'not-an-app', 'needs-origin', 'only-for-edge', 'not-at-edge'],
  ...['srs-edge-streams-only', 'srs-needs-webhook', 'srs-keeps-names', 'push-not-rtmps'],
  ...['push-with-login', 'port-must-be-fixed', 'same-address', 'not-in-configuration'],
  ...['variable-empty', 'key-too-long', 'json-needs-output', 'folder-not-used'],
  'record-folder-absent',
  ...['path-not-absolute', 'not-a-host', 'this-field', 'rtmp-address'],
  ...['address-not-here', 'port-not-allowed', 'host-unknown', 'host-not-local'],
  'played-back-otherwise',
] as const;

export type ReasonCode = (typeof reasonCodes)[number];

/** One of {@link reasonCodes}, with what stands in its sentence. */
export interface Reason {
  readonly reason: ReasonCode;
  readonly data?: ErrorData | undefined;
}

/** Text that is not ours, or what we say. */
export type Wording = string | Reason;

/** What stands in the sentences of an error or a reason. */
// An index signature, since a type alias cannot refer to itself here.
// eslint-disable-next-line @typescript-eslint/consistent-indexed-object-style
export interface ErrorData {
  readonly [name: string]: string | number | Reason;
}

export const errorDataSchema: z.ZodType<ErrorData, ErrorData> = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.lazy(() => reasonSchema)]),
);

export const reasonSchema: z.ZodType<Reason, Reason> = z.object({
  reason: z.enum(reasonCodes),
  data: errorDataSchema.optional(),
});

export const wordingSchema = z.union([z.string(), reasonSchema]);

export const reason = (code: ReasonCode, data?: ErrorData): Reason => ({
  reason: code,
  ...(data && { data }),
});
