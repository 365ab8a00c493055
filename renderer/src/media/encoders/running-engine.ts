import type { AppErrorInfo } from '@tallylight/contract';

/** An engine that sends a capture's media down the channel. */
export interface RunningEngine {
  /** Flushes the encoders, sends what is left and ends the channel's stream. Resolves also after a failure. */
  stop(): Promise<void>;
  /** Called once, when capture or encoder fail; the engine has stopped then. */
  onFailed(listener: (error: AppErrorInfo) => void): void;
}
