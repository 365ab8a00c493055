import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { FlvDemuxer, FlvMuxer, type EncodedPacket } from 'node-rtmp-client';
// The chunk layer is no part of the library's surface, but it is what the others offer to compare with. The imports of
// package.json say where it is, from wherever this is compiled to.
import { ByteQueue } from '#node-rtmp-client/bytes/byte-queue.js';
import { ChunkReader } from '#node-rtmp-client/chunk/chunk-reader.js';
import { ChunkWriter } from '#node-rtmp-client/chunk/chunk-writer.js';

// node parse-in-memory.js FLV TASK LIBRARY: works over and over on what is in memory, and prints how fast.
const seconds = 2;
const pieceSize = 64 * 1024;
const chunkSize = 60_000;

/** What node-media-server hands on; it has no types of its own. */
interface AvPacket {
  codec_type: number;
  dts: number;
  size: number;
  data: Buffer;
}
interface Parser {
  onPacketCallback: (packet: AvPacket) => void;
  parserData(bytes: Buffer): string | null;
}
type RtmpParser = Parser & { handshakeState: number; inChunkSize: number };
interface Serializer {
  createMessage(packet: AvPacket): Buffer;
}

const require = createRequire(import.meta.url);
const Rtmp = require('node-media-server/src/protocol/rtmp.js') as Serializer &
  (new () => RtmpParser);
const Flv = require('node-media-server/src/protocol/flv.js') as Serializer & (new () => Parser);

const [file = '', task = '', library = ''] = process.argv.slice(2);
const flv = readFileSync(file);
const packets: EncodedPacket[] = new FlvDemuxer()
  .push(flv)
  .flatMap((item) => (item.type === 'packet' ? [item.packet] : []));
const avPackets: AvPacket[] = packets.map((packet) => {
  const [header = new Uint8Array(), payload = new Uint8Array()] = new FlvMuxer().packet(packet);
  const data = Buffer.concat([header.subarray(11), payload]);
  const type = packet.track === 'video' ? 9 : 8;
  return { codec_type: type, dts: Math.round(packet.dts / 1000), size: data.length, data };
});
const messages = avPackets.map(({ codec_type, dts, data }) => ({
  ...{ chunkStreamId: codec_type === 9 ? 6 : 4, typeId: codec_type, streamId: 1 },
  ...{ timestamp: dts, payload: [data] },
}));
const chunked = Buffer.concat(writeChunks());
let seen = 0;

function writeChunks(): Uint8Array[] {
  const writer = new ChunkWriter();
  writer.chunkSize = chunkSize;
  const output: Uint8Array[] = [];
  for (const message of messages) writer.write(message, output);
  return output;
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
}

/** One round over everything. */
const tasks: Readonly<Record<string, Readonly<Record<string, () => void>>>> = {
  'read chunks': {
    'node-rtmp-client': () => {
      const queue = new ByteQueue();
      const reader = new ChunkReader(queue);
      reader.chunkSize = chunkSize;
      for (const piece of pieces(chunked)) {
        queue.push(piece);
        while (reader.next() !== undefined) seen++;
      }
    },
    'node-media-server': () => {
      const parser = new Rtmp();
      parser.onPacketCallback = () => seen++;
      parser.handshakeState = 3;
      parser.inChunkSize = chunkSize;
      for (const piece of pieces(chunked)) parser.parserData(piece);
    },
  },
  'write chunks': {
    'node-rtmp-client': () => {
      writeChunks();
      seen += messages.length;
    },
    'node-media-server': () => {
      for (const packet of avPackets) seen += Rtmp.createMessage(packet).length > 0 ? 1 : 0;
    },
  },
  'demux FLV': {
    'node-rtmp-client': () => {
      const demuxer = new FlvDemuxer();
      for (const piece of pieces(flv)) {
        for (const item of demuxer.push(piece)) if (item.type !== 'metadata') seen++;
      }
    },
    'node-media-server': () => {
      const parser = new Flv();
      parser.onPacketCallback = ({ codec_type }) => {
        if (codec_type !== 18) seen++;
      };
      for (const piece of pieces(flv)) parser.parserData(piece);
    },
  },
  'mux FLV': {
    'node-rtmp-client': () => {
      const muxer = new FlvMuxer();
      for (const packet of packets) seen += muxer.packet(packet).length > 0 ? 1 : 0;
    },
    'node-media-server': () => {
      for (const packet of avPackets) seen += Flv.createMessage(packet).length > 0 ? 1 : 0;
    },
  },
};

const round = tasks[task]?.[library];
if (round === undefined) throw new Error(`no ${task} with ${library}`);
round();
if (seen < packets.length) throw new Error(`${seen} of ${packets.length} packets`);
seen = 0;
const before = process.cpuUsage();
const started = performance.now();
let rounds = 0;
for (; performance.now() - started < seconds * 1000; rounds++) round();
const { user, system } = process.cpuUsage(before);
const cpu = (user + system) / 1e6;
process.stdout.write(
  JSON.stringify({ messagesPerSecond: seen / cpu, bytesPerSecond: (rounds * flv.length) / cpu }),
);
