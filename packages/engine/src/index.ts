/**
 * The engine: what captures, encodes, sends, records and serves. It knows of no window and no shell; what answers a
 * window over the contract is in `@tallylight/engine/window`.
 */

// The engine and its broadcasts
export {
  createEngine,
  type Engine,
  type EngineOptions,
  type Playlist,
  type StartBroadcast,
} from './engine.js';
export { Broadcast, type BroadcastOptions } from './broadcast/broadcast.js';
export { BroadcastLog } from './broadcast/broadcast-log.js';
export { summarize, type BroadcastSummary } from './broadcast-summary.js';

// Sources
export type { MediaSource, SourceControl, SourceStatus } from './sources/media-source.js';
export { readPlaylist } from './sources/playlist/read-playlist.js';
export { rtmpOrigin } from './pulled-stream.js';
export type { StreamOrigin } from './sources/stream/stream-origin.js';
export type { SlateLanguage } from './sources/slate/slate-pictures.js';
export type { FfmpegSourceSpec } from './sources/ffmpeg/capture-plan.js';
export {
  SourceSwitcher,
  type Handover,
  type SourceEnd,
  type SourceSwitcherOptions,
} from './sources/source-switcher.js';

// Outputs
export type { FinishReason, Output, OutputContext, Pressure } from './outputs/output.js';
export type { LossHandling, OutputSpec, RtmpTrace } from './output-factory.js';
export type { StreamDescription } from './outputs/stream-description.js';
export type { DestinationTarget } from './outputs/rtmp/rtmp-destination.js';
export { secretsOf, shownPlace, withoutKeys } from './outputs/rtmp/stream-place.js';
export {
  exampleApp,
  isSilentClose,
  rtmpErrorToAppError,
} from './outputs/rtmp/destination-errors.js';
export { MillisecondClock } from './outputs/millisecond-clock.js';

// Checks
export { checkPlace, type CheckedPhase } from './check/check-place.js';
export { certificateWarning, DestinationCheck } from './check/destination-check.js';
export { isOfServer, placeWarnings, type NamedPlace } from './check/place-warnings.js';

// Addresses
export { readServerUrl, readWholeUrl } from './rtmp-address.js';
export { readTypedDestination } from './typed-destination.js';

// Devices and ffmpeg
export { listDevices } from './devices/devices.js';
export { listEncoders } from './devices/list-encoders.js';
export { FfmpegLocator } from './ffmpeg/ffmpeg-locator.js';

// Profiles, settings and secrets
export { ProfileStore } from './profiles/profile-store.js';
export { shownPlayUrl } from './profiles/profile-url.js';
export { openDataFolder } from './profiles/open-data-folder.js';
export { createKeyFileCipher } from './profiles/key-file-cipher.js';
export { CipherError, type SecretCipher } from './profiles/secret-cipher.js';

// The built-in server
export {
  BuiltInServer,
  listenError,
  type BuiltInServerAddresses,
  type BuiltInServerOptions,
  type ListenAddress,
} from './server/built-in-server.js';
export { reachableHosts } from './server/reachable-hosts.js';
export { StreamIngest, type StreamIngestOptions } from './server/stream-ingest.js';
export { signToken, type TokenClaims } from './server/access/signed-token.js';
export type { RelayTarget } from './server/stream-relay.js';
export type {
  BuiltInServerEvent,
  PlayerRefused,
  PublisherRefused,
  PushEvent,
} from './server/server-events.js';
export { plainPage, plainPageHeaders } from './server/http/plain-page.js';

// Configurations of other servers
export { nginxConfig } from './server-config/nginx-config.js';
export { srsConfig } from './server-config/srs-config.js';
export { addressRows, nginxAddresses } from './server-config/config-addresses.js';
export { readServerConfig, type ServerConfigNames } from './server-config/read-server-config.js';
export { serverConfigWriters } from './server-config/write-server-config.js';
export { holdsSecrets, type ServerConfigOptions } from './server-config/server-config-options.js';

// Errors and the log
export { toErrorInfo } from './app-error.js';
export type { RecordingSplit } from './outputs/recording/recording-timeline.js';
export { whyNoNewFile, whyNotInto, whyUnreadable, whyUnwritable } from './file-failure.js';
export { openNewFile } from './new-file.js';
export { createLogger, type Logger } from './logger.js';
