import type { Encoding } from '@tallylight/contract';
import { wait } from 'node-rtmp-client/async';
import type { MediaSource } from '../../src/sources/media-source.js';
import { audioConfig, audioFrame, videoConfig, videoFrame } from './packets.js';

const keyframeWeight = 4;
const aacMs = 21;

/**
 * Gives frames as fast as time goes by, of the bitrate that it was told last: an encoder that obeys with its next frame. No
 * decoder takes them.
 */
export function obedientSource({
  fps,
  keyframeInterval,
  ...encoding
}: Encoding): MediaSource & { readonly told: readonly number[] } {
  const told: number[] = [];
  let { videoBitrate } = encoding;
  const frameMs = 1000 / fps;
  const perGroup = fps * keyframeInterval;
  const soundBytes = Math.round((encoding.audioBitrate * aacMs) / 8_000);
  const bytesOf = (isKeyframe: boolean): number => {
    const mean = (videoBitrate * frameMs) / 8_000;
    const weight = perGroup / (perGroup - 1 + keyframeWeight);
    return Math.round(mean * weight * (isKeyframe ? keyframeWeight : 1));
  };
  return {
    told,
    name: 'Obedient camera',
    hasAudio: true,
    capturesLive: true,
    status: { droppedFrames: 0 },
    control: {
      setVideoBitrate: (bitrate) => {
        told.push(bitrate);
        videoBitrate = bitrate;
      },
    },
    async *packets(signal) {
      const startedAt = performance.now();
      yield videoConfig();
      yield audioConfig();
      let soundMs = 0;
      for (let index = 0; !signal.aborted; index += 1) {
        const ms = index * frameMs;
        const isKeyframe = index % perGroup === 0;
        yield numbered(videoFrame(ms, isKeyframe, bytesOf(isKeyframe)), index);
        for (; soundMs <= ms; soundMs += aacMs) {
          yield numbered(audioFrame(soundMs, soundBytes), soundMs);
        }
        await wait(Math.max(0, startedAt + ms - performance.now()), signal);
      }
    },
  };
}

/** So that no frame is like another. */
function numbered<T extends { readonly payload: Uint8Array }>(packet: T, number: number): T {
  const { payload } = packet;
  new DataView(payload.buffer).setUint32(payload.byteLength - 4, number);
  return packet;
}
