// An encoder's output, frame by frame, each after an access unit delimiter:
// ffmpeg -re -f lavfi -i testsrc2=size=640x360:rate=30 -c:v libx264 -tune zerolatency -g 60 \
//   -bsf:v h264_metadata=aud=insert -f h264 - | STREAM_KEY=camera node publish-live.js rtmp://localhost/live
import {
  buildAvcDecoderConfiguration,
  iterateAnnexB,
  joinLengthPrefixed,
  nalUnitType,
  nalUnitTypeOf,
  parseRtmpUrl,
  publish,
} from 'node-rtmp-client';

const frameMicroseconds = 1_000_000 / 30;
const address = parseRtmpUrl(process.argv[2]);
const publisher = await publish({ address, streamKey: process.env.STREAM_KEY });

let frames = 0;
for await (const frame of accessUnits(process.stdin)) {
  const units = [...iterateAnnexB(frame)];
  const ofType = (type) => units.filter((unit) => nalUnitTypeOf(unit) === type);
  const keyframe = ofType(nalUnitType.idrSlice).length > 0;
  const dts = Math.round(frames++ * frameMicroseconds);
  const packet = { track: 'video', codec: 'h264', keyframe, dts, pts: dts };
  if (keyframe) {
    // What a decoder needs first; said again with each keyframe, it may change.
    const sps = ofType(nalUnitType.sequenceParameterSet);
    const pps = ofType(nalUnitType.pictureParameterSet);
    const payload = buildAvcDecoderConfiguration(sps, pps);
    await publisher.write({ ...packet, type: 'config', payload });
  }
  await publisher.write({ ...packet, type: 'frame', payload: joinLengthPrefixed(units) });
}
await publisher.close();

async function* accessUnits(stream) {
  const delimiter = Buffer.of(0, 0, 0, 1, nalUnitType.accessUnitDelimiter);
  let waiting = Buffer.alloc(0);
  for await (const bytes of stream) {
    waiting = Buffer.concat([waiting, bytes]);
    for (let end; (end = waiting.indexOf(delimiter, 1)) > 0; waiting = waiting.subarray(end)) {
      yield waiting.subarray(0, end);
    }
  }
  if (waiting.length > 0) yield waiting;
}
