/** FLV 10.1 §E.4.1 */
export const flvTagType = { audio: 8, video: 9, script: 18 } as const;

/** Type, size, timestamp and its extension, stream id. */
export const tagHeaderLength = 11;
