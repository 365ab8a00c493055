/** A server that this often in a row took the stream only to close it does not want it. */
export const maxRefusals = 5;
/** The same for one that has never kept it. Once may be chance: servers stop in the first seconds, too. */
export const maxEarlyRefusals = 2;
/** The same for one that said no. Once may be chance: what it asks about keys may be starting anew. */
export const maxDenials = 2;

/**
 * For how long somebody else who publishes there may be we ourselves, before the loss. Milliseconds: nginx-rtmp lets go of
 * a connection that went silent after a minute, and half of one for the answer to its ping.
 */
export const heldMs = 120_000;
/** The longest wait meanwhile. Milliseconds. */
export const longestWaitWhileHeldMs = 5_000;

/** A server that kept the stream for so many milliseconds after it was stable is well. */
export const keptMs = 10_000;
/** One that kept it for less this often in a row is told. */
export const toldShortLives = 3;
