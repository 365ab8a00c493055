import type { Logger } from '@tallylight/engine';
import { Redactor } from 'node-rtmp-client/redactor';

/** Writes nothing. Commands without --verbose get it, so that they need not load what writes logs. */
export function createQuietLogger(): Logger {
  const secrets = new Redactor();
  const write = (): void => undefined;
  const logger: Logger = {
    ...{ trace: write, debug: write, info: write, warn: write, error: write },
    child: () => logger,
    addSecret: (value) => secrets.add(value),
    scrub: (text) => secrets.redact(text),
  };
  return logger;
}
