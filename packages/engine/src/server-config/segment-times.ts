/** How long a segment of HLS or DASH is at least, and how much of a stream is listed, in seconds. */
export const segmentSeconds = 2;
export const windowSeconds = 12;
