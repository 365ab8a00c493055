export { aborted, signalWithin, unlessAborted, wait } from './abort.js';
export { AsyncQueue } from './async-queue.js';
export { withDeadline, within } from './deadline.js';
export { Notifier } from './notifier.js';
export { withResolvers, type PromiseWithResolvers } from './with-resolvers.js';
export { withinLimit, type Limit } from './within-limit.js';
