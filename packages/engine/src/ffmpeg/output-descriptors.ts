/** File descriptors that ffmpeg writes to, one after the other from 1 on. */
export const outputDescriptors = {
  media: 1,
  log: 2,
  preview: 3,
  progress: 4,
  sound: 5,
  /** When each frame of a camera came. */
  frameTimes: 6,
} as const;

/** That it reads from, where it is given something. */
export const inputDescriptor = 7;
