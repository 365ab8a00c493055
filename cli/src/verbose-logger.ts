// A file of its own, so that only a command that logs loads it.
export { createLogger } from '@tallylight/engine';
