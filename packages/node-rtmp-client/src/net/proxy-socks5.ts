import { isIP } from 'node:net';
import { ByteWriter } from '../bytes/byte-writer.js';
import { RtmpError, type RtmpErrorCode } from '../session/rtmp-error.js';
import type { ProxyConversation } from './proxy-conversation.js';
import type { ProxyOptions, ProxyTarget } from './proxy-options.js';

const version = 5;
const method = { none: 0, password: 2, noneAcceptable: 0xff } as const;
const passwordVersion = 1;
const connectCommand = 1;
const addressType = { ipv4: 1, name: 3, ipv6: 4 } as const;
const maxText = 255;

/** RFC 1928 §6 */
const replies: Readonly<Record<number, [RtmpErrorCode, string]>> = {
  1: ['proxy-rejected', 'it failed'],
  2: ['proxy-rejected', 'its rules do not allow the connection'],
  3: ['unreachable', 'the network cannot be reached from the proxy'],
  4: ['unreachable', 'the host cannot be reached from the proxy'],
  5: ['refused', 'the host refused the proxy'],
  6: ['unreachable', 'the way from the proxy to the host is too long'],
  7: ['proxy-rejected', 'it does not make connections'],
  8: ['proxy-rejected', 'it does not know this kind of address'],
};

/** Has a SOCKS5 proxy connect to `target`, RFC 1928 and RFC 1929. @throws RtmpError */
export async function connectThroughSocks5(
  talk: ProxyConversation,
  { user, password = '' }: ProxyOptions,
  target: ProxyTarget,
): Promise<void> {
  const methods = user === undefined ? [method.none] : [method.none, method.password];
  talk.write(Uint8Array.of(version, methods.length, ...methods));
  const [answered, chosen] = await talk.read(2);
  if (answered !== version) {
    throw new RtmpError('proxy-rejected', 'proxy', 'it does not speak SOCKS5');
  }
  if (chosen === method.password && user !== undefined) {
    talk.write(
      new ByteWriter(64)
        .u8(passwordVersion)
        .bytes(counted(user, 'the user name'))
        .bytes(counted(password, 'the password'))
        .finish(),
    );
    const [, status] = await talk.read(2);
    if (status !== 0) {
      throw new RtmpError('auth-failed', 'proxy', 'it does not take the user name and password');
    }
  } else if (chosen !== method.none) {
    throw user === undefined
      ? new RtmpError('auth-required', 'proxy', 'it asks who we are')
      : new RtmpError('proxy-rejected', 'proxy', 'it takes no user name and password');
  }
  talk.write(request(target));
  const [replied, reply, , type] = await talk.read(4);
  if (replied !== version) {
    throw new RtmpError('proxy-rejected', 'proxy', 'it does not speak SOCKS5');
  }
  if (reply !== 0) {
    const [code, reason] = replies[reply ?? -1] ?? ['proxy-rejected', `its reply is ${reply}`];
    throw new RtmpError(code, 'proxy', reason);
  }
  // The address that it connects from, which nobody needs.
  await talk.read(await addressLength(talk, type));
}

async function addressLength(talk: ProxyConversation, type: number | undefined): Promise<number> {
  const portLength = 2;
  switch (type) {
    case addressType.ipv4:
      return 4 + portLength;
    case addressType.ipv6:
      return 16 + portLength;
    case addressType.name: {
      const [length = 0] = await talk.read(1);
      return length + portLength;
    }
    default:
      throw new RtmpError('proxy-rejected', 'proxy', 'its reply makes no sense');
  }
}

function request({ host, port }: ProxyTarget): Uint8Array {
  const writer = new ByteWriter(32).u8(version).u8(connectCommand).u8(0);
  switch (isIP(host)) {
    case 4:
      writer.u8(addressType.ipv4).bytes(Uint8Array.from(host.split('.'), Number));
      break;
    case 6:
      writer.u8(addressType.ipv6).bytes(ipv6Bytes(host));
      break;
    default:
      writer.u8(addressType.name).bytes(counted(host, 'the host name'));
  }
  return writer.u16(port).finish();
}

/** A length in one byte, then the text. */
function counted(text: string, what: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > maxText) {
    throw new RtmpError('proxy-rejected', 'proxy', `${what} is too long for SOCKS5`);
  }
  return Uint8Array.of(bytes.length, ...bytes);
}

/** @param host an IPv6 address, RFC 4291 §2.2. */
function ipv6Bytes(host: string): Uint8Array {
  const [address = ''] = host.split('%');
  // URL's parser writes it in the shortest form, without a dotted end.
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = short.split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const middle = new Array<number>(8 - before.length - after.length).fill(0);
  return Uint8Array.from([...before, ...middle, ...after].flatMap((g) => [g >> 8, g & 0xff]));
}
