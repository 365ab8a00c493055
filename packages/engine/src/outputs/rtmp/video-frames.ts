import type { EncodedPacket } from 'node-rtmp-client';

export const isVideoFrame = (packet: EncodedPacket): boolean =>
  packet.type === 'frame' && packet.track === 'video';

export const isKeyframe = (packet: EncodedPacket): boolean =>
  isVideoFrame(packet) && packet.keyframe;
