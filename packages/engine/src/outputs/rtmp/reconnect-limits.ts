/** A server that this often in a row took the stream only to close it does not want it. */
export const maxRefusals = 5;
/** The same for one that has never kept it. Once may be chance: servers stop in the first seconds, too. */
export const maxEarlyRefusals = 2;
/** The same for one that never had the stream and hangs up instead of answering: it may be starting anew, but once. */
export const maxHangUps = 2;
/** So long a server that did so, and may be starting anew, is tried before the stream was ever there. Milliseconds. */
export const comingBackMs = 60_000;
/** The same for one that said no. Once may be chance: what it asks about keys may be starting anew. */
export const maxDenials = 2;

/**
 * A server that still takes us for there lets go of that when it misses an answer to its ping, mostly within two minutes:
 * for so many milliseconds it is asked often. nginx-rtmp 1.2.2 takes its own ping for a sign of life of the other side: it
 * lets go when the system gives the connection up, a quarter of an hour later, or after its `drop_idle_publisher`.
 */
export const heldMs = 120_000;
/** The longest wait meanwhile. Milliseconds. */
export const longestWaitWhileHeldMs = 5_000;

/** A server that kept the stream for so many milliseconds after it was stable is well. */
export const keptMs = 10_000;
/** One that kept it for less this often in a row is told. */
export const toldShortLives = 3;
