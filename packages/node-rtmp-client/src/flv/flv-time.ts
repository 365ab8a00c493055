/** Microseconds to the milliseconds of FLV and RTMP. Rounding keeps tracks within half a millisecond of each other. */
export const flvMilliseconds = (microseconds: number): number => Math.round(microseconds / 1000);
