import { parseRtmpUrl } from 'node-rtmp-client/address';
import { destinationPresets, presetOf, type DestinationPreset } from './destination-presets.js';
import { describeError, type AppErrorInfo, type ErrorCode } from './errors.js';
import type { ErrorData } from './reasons.js';
import type { ServiceLimits } from './service-facts.js';

/** What goes out, as it is encoded. */
export interface StreamSettings {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Bits per second. */
  readonly videoBitrate: number;
  readonly audioBitrate: number;
  /** Seconds. */
  readonly keyframeInterval: number;
  /** H.264 where absent. */
  readonly videoCodec?: string;
  readonly hasSound: boolean;
}

/** Where something is published to, as far as it says whose it is. */
export interface ServicePlace {
  /** With or without the application and what is behind it. */
  readonly serverUrl: string;
  /** What the profile was made from. */
  readonly service?: string | undefined;
}

/** The service that a destination is at: by its host, else what the profile was made from. */
export function serviceOf({ serverUrl, service }: ServicePlace): DestinationPreset | undefined {
  const host = hostOf(serverUrl);
  const byHost = destinationPresets.find(({ hosts = [] }) =>
    hosts.some((each) => host === each || host.endsWith(`.${each}`)),
  );
  const made = service === undefined ? undefined : presetOf(service);
  return byHost ?? (made?.address === 'any' ? undefined : made);
}

/** Rates such as 59.94 and 60.02 are meant. */
const fpsTolerance = 0.5;
const kilobit = 1000;

/**
 * What the service takes less of than is to be sent, or wants and does not get. It is worth a word, and refuses nothing:
 * services change, and tell few.
 */
export function serviceWarnings(
  place: ServicePlace,
  settings?: StreamSettings,
): readonly AppErrorInfo[] {
  const service = serviceOf(place);
  if (!service) return [];
  const warn = (code: ErrorCode, data?: ErrorData): AppErrorInfo =>
    describeError(code, { service: service.id, ...data });
  const needsTls = service.tls === 'required' && /^\s*rtmp:/i.test(place.serverUrl);
  return [
    ...(needsTls ? [warn('SERVICE_NEEDS_TLS')] : []),
    ...(settings ? beyond(service.limits ?? {}, settings, warn) : []),
  ];
}

function beyond(
  limits: ServiceLimits,
  settings: StreamSettings,
  warn: (code: ErrorCode, data?: ErrorData) => AppErrorInfo,
): AppErrorInfo[] {
  const { width, height, fps, videoBitrate, audioBitrate, keyframeInterval } = settings;
  const found: AppErrorInfo[] = [];
  const most = mostVideoBitrate(limits, settings);
  if (most !== undefined && videoBitrate > most) {
    const isAdvised = limits.videoBitrateIs === 'advised';
    found.push(
      warn(isAdvised ? 'SERVICE_VIDEO_BITRATE_ADVISED' : 'SERVICE_VIDEO_BITRATE', {
        most: most / kilobit,
        given: videoBitrate / kilobit,
      }),
    );
  }
  if (settings.hasSound && audioBitrate > (limits.audioBitrate ?? Infinity)) {
    const mostAudio = (limits.audioBitrate ?? 0) / kilobit;
    found.push(warn('SERVICE_AUDIO_BITRATE', { most: mostAudio, given: audioBitrate / kilobit }));
  }
  const [long, short] = limits.size ?? [Infinity, Infinity];
  if (Math.max(width, height) > long || Math.min(width, height) > short) {
    found.push(warn('SERVICE_SIZE', { most: `${long}×${short}`, given: `${width}×${height}` }));
  }
  if (limits.fps !== undefined && fps > limits.fps + fpsTolerance) {
    found.push(warn('SERVICE_FPS', { most: limits.fps, given: fps }));
  }
  if (keyframeInterval > (limits.keyframeInterval ?? Infinity)) {
    const mostSeconds = limits.keyframeInterval ?? 0;
    found.push(warn('SERVICE_KEYFRAMES', { most: mostSeconds, given: keyframeInterval }));
  }
  const codec = settings.videoCodec ?? 'h264';
  if (limits.videoCodecs && !limits.videoCodecs.includes(codec)) {
    const names = limits.videoCodecs.map(codecName).join(', ');
    found.push(warn('SERVICE_CODEC', { most: names, given: codecName(codec) }));
  }
  if (limits.sound === 'required' && !settings.hasSound) found.push(warn('SERVICE_NEEDS_SOUND'));
  return found;
}

/** By the first row that the picture fits into; of one that fits into none, its size is what is said. */
function mostVideoBitrate(
  { videoBitrate }: ServiceLimits,
  { width, height, fps }: StreamSettings,
): number | undefined {
  if (typeof videoBitrate === 'number') return videoBitrate;
  const lines = Math.min(width, height);
  return videoBitrate?.find((row) => lines <= row.height && fps <= row.fps + fpsTolerance)?.bitrate;
}

const codecNames: Readonly<Record<string, string>> = { h264: 'H.264', hevc: 'H.265', av1: 'AV1' };

const codecName = (codec: string): string => codecNames[codec] ?? codec.toUpperCase();

function hostOf(serverUrl: string): string {
  try {
    return parseRtmpUrl(serverUrl).host.toLowerCase();
  } catch {
    return '';
  }
}
