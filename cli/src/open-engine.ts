import { createEngine, type Engine } from '@tallylight/engine';
import type { CliDependencies } from './cli-dependencies.js';
import type { Printer } from './printer.js';

interface OpenEngineOptions {
  /** Says what was not as it was left, such as a damaged file that was set aside; absent where a window does. */
  readonly printer?: Printer | undefined;
  /** Whether its server answers Prometheus. */
  readonly metrics?: boolean;
}

/** The engine. Nothing is read or started before it is used. Whoever opens it closes it. */
export function openEngine(
  deps: CliDependencies,
  { printer, metrics = false }: OpenEngineOptions = {},
): Engine {
  return createEngine({
    dataDirectory: deps.dataDirectory(),
    version: deps.version,
    shell: 'browser',
    logger: deps.logger(),
    environment: deps.environment,
    metrics,
    ...(printer && { onNotice: (notice) => printer.warn(notice) }),
  });
}
