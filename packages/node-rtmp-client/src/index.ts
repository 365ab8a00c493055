export * from './amf/amf-value.js';
export { amfWeight } from './amf/amf-weight.js';
export { parseAmf0, serializeAmf0 } from './amf/amf0.js';
export { parseAmf3, serializeAmf3 } from './amf/amf3.js';
export { MalformedError } from './bytes/malformed-error.js';
export {
  buildAudioSpecificConfig,
  parseAudioSpecificConfig,
  type AudioSpecificConfig,
} from './flv/audio-specific-config.js';
export {
  buildAvcDecoderConfiguration,
  parseAvcDecoderConfiguration,
  type AvcDecoderConfiguration,
} from './flv/avc-decoder-configuration.js';
export {
  parseAv1CodecConfiguration,
  type Av1CodecConfiguration,
} from './flv/av1-codec-configuration.js';
export type * from './flv/encoded-packet.js';
export { findFlvKeyframe, type FlvKeyframe } from './flv/find-flv-keyframe.js';
export { parseFlacStreamInfo, type FlacStreamInfo } from './flv/flac-stream-info.js';
export {
  parseHevcDecoderConfiguration,
  type HevcDecoderConfiguration,
} from './flv/hevc-decoder-configuration.js';
export {
  audioFormatOf,
  videoFormatOf,
  type AudioFormat,
  type VideoFormat,
} from './flv/media-format.js';
export { parseOpusHead, type OpusHead } from './flv/opus-head.js';
export {
  parseVpCodecConfiguration,
  type VpCodecConfiguration,
} from './flv/vp-codec-configuration.js';
export type { MediaPacket, OpaquePacket } from './flv/opaque-packet.js';
export { FlvDemuxer, type FlvDemuxerOptions } from './flv/flv-demuxer.js';
export type * from './flv/flv-item.js';
export { serializeFlvItemBody, signalTrack, type SignalItem } from './flv/flv-item-body.js';
export { serializeFlvMultitrackBody } from './flv/flv-multitrack-body.js';
export { flvTimestamp, type FlvBodyOptions } from './flv/flv-time.js';
export { audioCodecId, audioFourCc, videoCodecId, videoFourCc } from './flv/four-cc.js';
export { FlvFileWriter, type FlvFileWriterOptions, type FlvPatch } from './flv/flv-file-writer.js';
export { FlvMuxer, type FlvMuxerOptions } from './flv/flv-muxer.js';
export { FlvRepairer, repairFlv, type ByteRange, type FlvRepair } from './flv/flv-repairer.js';
export { parseFlvAudioBody, serializeFlvAudioBodyHeader } from './flv/flv-audio-body.js';
export { parseFlvVideoBody, serializeFlvVideoBodyHeader } from './flv/flv-video-body.js';
export { isDisposablePicture } from './flv/is-disposable-picture.js';
export * from './flv/nal-units.js';
export { ContinuousTimeline } from './live/continuous-timeline.js';
export { KeyframeGate } from './live/keyframe-gate.js';
export * from './live/live-hub.js';
export { LiveStream, type LiveStreamLimits } from './live/live-stream.js';
export type * from './live/live-stream-info.js';
export { PlayerQueue } from './live/player-queue.js';
export type { ConnectionStats } from './client/client-connection.js';
export type {
  ConnectOptions,
  RtmpClientEvent,
  RtmpClientOptions,
} from './client/connect-options.js';
export type { ServerCertificate, TlsOptions } from './net/open-socket.js';
export type { Deadlines, PhaseEvent } from './net/phase-runner.js';
export type { FramesDropped } from './client/relocating-publisher.js';
export {
  ConnectionPlaces,
  type ConnectionPlacesOptions,
  type PlacedConnection,
} from './server/connection-places.js';
export { liveHandlers, playFrom, publishInto } from './server/live-handlers.js';
export { formatTraceLine, type TracedMessage } from './net/message-tracer.js';
export type { ProxyOptions } from './net/proxy-options.js';
export type { PublishOptions } from './client/publisher-link.js';
export type { RtmpConnectRequest } from './server/rtmp-connect-request.js';
export { connect, type RtmpConnection } from './client/rtmp-connection.js';
export type { PlaybackControl, RtmpPlayback } from './server/rtmp-playback.js';
export { play, type PlayerStats, type RtmpPlayer } from './client/rtmp-player.js';
export type { PlayOptions, PlayRange } from './client/player-link.js';
export type { RtmpIngest, RtmpServerStream } from './server/rtmp-ingest.js';
export {
  publish,
  type PublisherStats,
  type RtmpPublisher,
  type WriteResult,
} from './client/rtmp-publisher.js';
export type { RtmpServerHandlers } from './server/rtmp-server-handlers.js';
export { RtmpServer, type RtmpServerOptions } from './server/rtmp-server.js';
export { defaultServerLimits, type RtmpServerLimits } from './server/rtmp-server-limits.js';
export type { RtmpAuthenticationOptions } from './server/server-admission.js';
export * from './address/index.js';
export { Redactor } from './redact/redactor.js';
export type { AuthScheme, Credentials } from './session/auth-challenge.js';
export * from './session/capabilities.js';
export {
  RtmpError,
  type RtmpErrorCode,
  type RtmpErrorData,
  type RtmpPhase,
  type RtmpProblem,
} from './session/rtmp-error.js';
export type { PublishMode } from './session/server-requests.js';
export type { ServerStatus } from './session/server-status.js';
