import type { AmfObject } from '../amf/amf-value.js';
import { serializeCapabilities, type Capabilities } from './capabilities.js';

export interface ConnectRequest {
  readonly app: string;
  readonly tcUrl: string;
  /** Whether to say what a player can take. */
  readonly plays: boolean;
  /** Whether anything may be published; true by default. */
  readonly publishes?: boolean | undefined;
  readonly capabilities: Capabilities;
}

/** Publishing servers, Wowza among them, look for FMLE in here. */
const publisherVersion = 'FMLE/3.0 (compatible; node-rtmp-client)';
/** Where they find it they ask who publishes, also of those who only play. */
const playerVersion = 'LNX 9,0,124,2';

/** The object of `connect`, RTMP 1.0 §7.2.1.1. */
export function connectObject(request: ConnectRequest): AmfObject {
  const { app, tcUrl, plays, publishes = true, capabilities } = request;
  const flashVer = publishes ? publisherVersion : playerVersion;
  return {
    ...{ app, type: 'nonprivate', flashVer, tcUrl },
    // All codecs of the old list, and seeking by keyframes.
    ...(plays && { fpad: false, audioCodecs: 4071, videoCodecs: 252, videoFunction: 1 }),
    ...serializeCapabilities(capabilities),
  };
}
