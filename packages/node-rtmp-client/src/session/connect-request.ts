import type { AmfObject } from '../amf/amf-value.js';
import { serializeCapabilities, type Capabilities } from './capabilities.js';

export interface ConnectRequest {
  readonly app: string;
  readonly tcUrl: string;
  /** Whether to say what a player can take. */
  readonly plays: boolean;
  readonly capabilities: Capabilities;
}

/** Publishing servers, Wowza among them, look for FMLE in here. */
const flashVersion = 'FMLE/3.0 (compatible; node-rtmp-client)';

/** The object of `connect`, RTMP 1.0 §7.2.1.1. */
export function connectObject({ app, tcUrl, plays, capabilities }: ConnectRequest): AmfObject {
  return {
    ...{ app, type: 'nonprivate', flashVer: flashVersion, tcUrl },
    // All codecs of the old list, and seeking by keyframes.
    ...(plays && { fpad: false, audioCodecs: 4071, videoCodecs: 252, videoFunction: 1 }),
    ...serializeCapabilities(capabilities),
  };
}
