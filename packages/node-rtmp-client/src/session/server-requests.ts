import { isAmfObject, type AmfObject, type AmfValue } from '../amf/amf-value.js';
import type { CommandMessage } from '../message/command.js';
import { parseCapabilities, type Capabilities } from './capabilities.js';
import { withoutAuthentication } from './server-authentication.js';

/** What a client says of itself in `connect`, RTMP 1.0 §7.2.1.1. */
export interface ConnectRequest {
  readonly transactionId: number;
  /** Without slashes around it, and without its query. */
  readonly app: string;
  readonly tcUrl: string;
  /** What followed the "?" in the application, or else in the URL; without it. May hold what authenticates. */
  readonly query: string;
  readonly flashVersion: string;
  readonly capabilities: Capabilities;
}

/** What a client asks of a stream. */
export interface StreamRequest {
  /** Message stream id, by which the answer is addressed. */
  readonly streamId: number;
  readonly app: string;
  readonly streamName: string;
  /** What followed the "?" in the stream's name or else in the application's, without it. */
  readonly query: string;
}

/** RTMP 1.0 §7.2.2.6: what is to become of it; a server that keeps nothing treats all alike. */
export type PublishMode = 'live' | 'record' | 'append';

export interface PublishRequest extends StreamRequest {
  readonly mode: PublishMode;
}

/** RTMP 1.0 §7.2.2.1 */
export interface PlayRequest extends StreamRequest {
  /** Seconds: 0 and above ask for what is recorded, from there on; −1 for what is live; −2 for either. */
  readonly start: number;
  /** Seconds; below 0 all there is. */
  readonly duration: number;
  /** False when it is to come after what plays already. */
  readonly reset: boolean;
}

/** Longer names and addresses are cut off: nobody means them. */
const maxTextLength = 4096;

export function parseConnectRequest({ transactionId, values }: CommandMessage): ConnectRequest {
  const object = values[0];
  const properties: AmfObject = isAmfObject(object) ? object : {};
  const text = (key: string): string =>
    textOf(Object.hasOwn(properties, key) ? properties[key] : undefined);
  const [path, query] = splitQuery(text('app'));
  const tcUrl = text('tcUrl');
  return {
    transactionId,
    app: path.replace(/^\/+|\/+$/g, ''),
    tcUrl,
    query: query || splitQuery(tcUrl)[1],
    flashVersion: text('flashVer'),
    capabilities: parseCapabilities(properties),
  };
}

/** @param connected the request under which the connection was accepted. */
function parseStreamRequest(
  { streamId, values }: CommandMessage,
  connected: ConnectRequest,
): StreamRequest {
  const [streamName, query] = splitQuery(textOf(values[1]));
  const appQuery = withoutAuthentication(connected.query);
  return { streamId, app: connected.app, streamName, query: query || appQuery };
}

export function parsePublishRequest(
  command: CommandMessage,
  connected: ConnectRequest,
): PublishRequest {
  const mode = command.values[2];
  const isKnown = mode === 'record' || mode === 'append';
  return { ...parseStreamRequest(command, connected), mode: isKnown ? mode : 'live' };
}

export function parsePlayRequest(command: CommandMessage, connected: ConnectRequest): PlayRequest {
  const [, , start, duration, reset] = command.values;
  const number = (value: AmfValue, otherwise: number): number =>
    typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
  return {
    ...parseStreamRequest(command, connected),
    start: number(start, -2),
    duration: number(duration, -1),
    // A number in older clients.
    reset: reset !== false && reset !== 0,
  };
}

/** `play2`, RTMP 1.0 §7.2.2.2: an object names the stream to change to. */
export function play2ToPlay(command: CommandMessage): CommandMessage {
  const options = command.values[1];
  const object: AmfObject = isAmfObject(options) ? options : {};
  const value = (key: string): AmfValue => (Object.hasOwn(object, key) ? object[key] : undefined);
  const values = [null, value('streamName'), value('start'), value('len'), true];
  return { ...command, values };
}

const textOf = (value: AmfValue): string =>
  typeof value === 'string' ? value.slice(0, maxTextLength) : '';

function splitQuery(text: string): [string, string] {
  const at = text.indexOf('?');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
