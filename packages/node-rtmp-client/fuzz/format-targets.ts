import { parseAmf0, serializeAmf0 } from '../src/amf/amf0.js';
import { parseAmf3, serializeAmf3 } from '../src/amf/amf3.js';
import { isAmfObject, type AmfValue } from '../src/amf/amf-value.js';
import { parseLenientAmf0 } from '../src/amf/lenient-amf0.js';
import { ByteQueue } from '../src/bytes/byte-queue.js';
import { MalformedError } from '../src/bytes/malformed-error.js';
import type { ChunkMessage } from '../src/chunk/chunk-message.js';
import { ChunkReader } from '../src/chunk/chunk-reader.js';
import { parseFlvAudioBody } from '../src/flv/flv-audio-body.js';
import { FlvDemuxer } from '../src/flv/flv-demuxer.js';
import { FlvMuxer } from '../src/flv/flv-muxer.js';
import { FlvRepairer } from '../src/flv/flv-repairer.js';
import { parseFlvVideoBody } from '../src/flv/flv-video-body.js';
import { audioFormatOf, videoFormatOf } from '../src/flv/media-format.js';
import { NalLengthWidener } from '../src/flv/nal-length-widener.js';
import { parseMessages, serializeMessage } from '../src/message/message.js';
import { doubledArrays, overwrittenChain } from '../test/fixtures/amf-bombs.js';
import { amf0Fixtures } from '../test/fixtures/amf0.js';
import { amf3Fixtures } from '../test/fixtures/amf3.js';
import { chunkFixtures } from '../test/fixtures/chunks.js';
import { flvTags } from '../test/fixtures/flv-tags.js';
import { messageFixtures } from '../test/fixtures/messages.js';
import {
  generateAmf0,
  generateAmf3,
  generateChunks,
  generateFlv,
  generatePayload,
  generateTagBody,
} from './generate.js';
import { generateGraph, generateLargeAggregate, generateTinyUnits } from './generate-bombs.js';
import { Random } from './random.js';
import { Broken, type Target } from './target.js';

/** Long strings are slow to mutate and nothing else. */
const short = (seeds: readonly Uint8Array[]): Uint8Array[] =>
  seeds.filter((seed) => seed.length < 4096);

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const joined = (pieces: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(pieces));

const withType = (type: number, bytes: Uint8Array): Uint8Array => Uint8Array.from([type, ...bytes]);

/** What can be parsed can be written, and what was written says the same when it is parsed and written again. */
function checkRewriting(
  values: AmfValue[],
  parse: (bytes: Uint8Array) => AmfValue[],
  serialize: (values: AmfValue[]) => Uint8Array,
): number {
  const once = serialize(values);
  const twice = serialize(parse(once));
  if (hexOf(once) !== hexOf(twice)) throw new Broken(`${hexOf(once)} became ${hexOf(twice)}`);
  return once.length;
}

const amf0: Target = {
  name: 'amf0',
  seeds: short(amf0Fixtures.map((fixture) => fixture.bytes)),
  generate: generateAmf0,
  run: (bytes) => checkRewriting(parseAmf0(bytes), parseAmf0, serializeAmf0),
};

/** What nothing depends on is parsed so that it can be walked. */
const graph: Target = {
  name: 'amf0-graph',
  seeds: [overwrittenChain(100), doubledArrays(22)],
  generate: generateGraph,
  run: (bytes) => {
    const values = parseLenientAmf0(bytes) ?? [];
    for (const value of values) walk(value);
    return serializeAmf0(values).length;
  },
};

function walk(value: AmfValue): void {
  if (Array.isArray(value)) value.forEach(walk);
  else if (isAmfObject(value)) Object.values(value).forEach(walk);
}

const amf3: Target = {
  name: 'amf3',
  seeds: short(amf3Fixtures.map((fixture) => fixture.bytes)),
  generate: generateAmf3,
  run: (bytes) => checkRewriting(parseAmf3(bytes), parseAmf3, serializeAmf3),
};

interface Outcome {
  readonly results: readonly string[];
  readonly refused: boolean;
}

/** Whatever comes in pieces must be understood as if it had come whole, up to the same fault. */
function checkPieces(whole: Outcome, pieces: Outcome): void {
  const isSame = whole.results.join() === pieces.results.join();
  if (whole.refused === pieces.refused && isSame) return;
  throw new Broken(`whole ${JSON.stringify(whole)}, in pieces ${JSON.stringify(pieces)}`);
}

function collect(read: (results: string[]) => void): Outcome {
  const results: string[] = [];
  try {
    read(results);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return { results, refused: true };
  }
  return { results, refused: false };
}

const describeMessage = ({ typeId, streamId, timestamp, payload }: ChunkMessage): string =>
  `${typeId} ${streamId} ${timestamp} ${hexOf(payload)}`;

function readChunks(pieces: readonly Uint8Array[], chunkSize: number): Outcome {
  const input = new ByteQueue();
  const reader = new ChunkReader(input);
  reader.chunkSize = chunkSize;
  return collect((results) => {
    for (const piece of pieces) {
      input.push(piece);
      for (let next = reader.next(); next !== undefined; next = reader.next()) {
        results.push(describeMessage(next));
      }
    }
  });
}

const chunks: Target = {
  name: 'chunk',
  seeds: chunkFixtures.map((fixture) => fixture.bytes),
  generate: generateChunks,
  run: (bytes, random) => {
    const chunkSize = random.pick([1, 2, 64, 128, 4096, 60_000, 0x7fffffff]);
    const whole = readChunks([bytes], chunkSize);
    checkPieces(whole, readChunks(random.cut(bytes, 40), chunkSize));
    return 0;
  },
};

const messages: Target = {
  name: 'message',
  seeds: messageFixtures.map(({ typeId, bytes }) => withType(typeId, bytes)),
  generate: (random) => {
    if (random.oneIn(50)) return withType(22, generateLargeAggregate(random));
    const typeId = random.below(24);
    return withType(typeId, generatePayload(typeId, random));
  },
  run: (bytes) => {
    const [typeId = 0] = bytes;
    const parsed = parseMessages({ typeId, streamId: 1, timestamp: 9, payload: bytes.subarray(1) });
    let written = 0;
    for (const message of parsed) {
      const out = serializeMessage(message);
      const payload = joined(out.payload);
      const again = [...parseMessages({ ...out, payload })];
      if (again.length !== 1) throw new Broken(`${message.type} is not read again`);
      written += payload.length;
    }
    return written;
  },
};

function demux(pieces: readonly Uint8Array[]): Outcome {
  const demuxer = new FlvDemuxer({ maxTagBytes: 1024 * 1024 });
  return collect((results) => {
    for (const piece of pieces)
      for (const item of demuxer.push(piece)) results.push(describeItem(item));
    demuxer.end();
  });
}

const describeItem = (item: unknown): string =>
  JSON.stringify(item, (_, value: unknown) => (value instanceof Uint8Array ? hexOf(value) : value));

const flvFile = (bodies: readonly { track: string; bytes: Uint8Array }[]): Uint8Array => {
  const pieces: Uint8Array[] = [
    Uint8Array.from([...Buffer.from('FLV'), 1, 5, 0, 0, 0, 9, 0, 0, 0, 0]),
  ];
  for (const { track, bytes } of bodies) {
    const header = new Uint8Array(11);
    header[0] = track === 'video' ? 9 : 8;
    new DataView(header.buffer).setUint16(2, bytes.length);
    const size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, bytes.length + 11);
    pieces.push(header, bytes, size);
  }
  return joined(pieces);
};

const bodies = flvTags.filter((tag) => tag.bytes.length < 4096);
const files = Array.from({ length: Math.ceil(bodies.length / 4) }, (_, i) =>
  flvFile(bodies.slice(i * 4, i * 4 + 4)),
);

const flv: Target = {
  name: 'flv',
  seeds: files,
  generate: generateFlv,
  run: (bytes, random) => {
    checkPieces(demux([bytes]), demux(random.cut(bytes, 60)));
    return 0;
  },
};

const repair: Target = {
  name: 'flv-repair',
  seeds: files,
  generate: generateFlv,
  run: (bytes, random) => {
    const repairer = new FlvRepairer();
    for (const piece of random.cut(bytes, 200)) repairer.push(piece);
    repairer.finish();
    return 0;
  },
};

const flvBody: Target = {
  name: 'flv-body',
  seeds: bodies.map(({ track, bytes }) => withType(track === 'video' ? 9 : 8, bytes)),
  generate: (random) => withType(8 + random.below(2), generateTagBody(random)),
  run: (bytes) => {
    const body = bytes.subarray(1);
    const items =
      ((bytes[0] ?? 0) & 1) === 1 ? parseFlvVideoBody(40, body) : parseFlvAudioBody(40, body);
    const widener = new NalLengthWidener();
    const muxer = new FlvMuxer();
    let written = 0;
    for (const item of items) {
      for (const piece of muxer.item(item)) written += piece.length;
      if (item.type !== 'packet') continue;
      if (item.packet.track === 'audio') audioFormatOf(item.packet);
      else videoFormatOf(widener.widen(item.packet));
    }
    return written;
  },
};

/** A configuration decides how the frame behind it is read. */
const widening: Target = {
  name: 'nal-lengths',
  seeds: [1, 2, 4].map((size) => withType(size, generateTinyUnits(size, new Random(1)))),
  generate: (random) => {
    const size = 1 + random.below(4);
    return withType(size, generateTinyUnits(size, random));
  },
  run: (bytes) => {
    const widener = new NalLengthWidener();
    const video = { track: 'video', codec: 'h264', keyframe: true, pts: 0, dts: 0 } as const;
    const config = Uint8Array.of(1, 100, 0, 31, 0xfc | (((bytes[0] ?? 4) - 1) & 3), 0xe1);
    widener.widen({ ...video, type: 'config', payload: config });
    return widener.widen({ ...video, type: 'frame', payload: bytes.subarray(1) }).payload.length;
  },
};

export const formatTargets: readonly Target[] = [
  amf0,
  graph,
  widening,
  amf3,
  chunks,
  messages,
  flv,
  repair,
  flvBody,
];
