/** `SoundRate`, `SoundSize` and `SoundType` of FLV 10.1 §E.4.2.1: the nearest rate that can be said, 16 bit, stereo. */
const stereoAt44kHz = 0x0f;

/** By the version of MPEG audio in a frame's header: 2.5, reserved, 2, 1. */
const soundRates = [1, 3, 2, 3] as const;

/** The low half of an MP3 tag's first byte, from the header of the frame (ISO/IEC 11172-3 §2.4.1.3). */
export function mp3SoundFlags(frame: Uint8Array): number {
  const second = frame[1] ?? 0;
  const fourth = frame[3] ?? 0;
  if (frame[0] !== 0xff || second < 0xe0) return stereoAt44kHz;
  const rate = soundRates[(second >> 3) & 3] ?? 3;
  const isMono = fourth >> 6 === 3;
  return (rate << 2) | 2 | (isMono ? 0 : 1);
}
