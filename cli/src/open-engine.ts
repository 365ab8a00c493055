import { createEngine, type Engine } from '@tallylight/engine';
import type { CliDependencies } from './cli-dependencies.js';
import type { Printer } from './printer.js';

/**
 * The engine. Nothing is read or started before it is used. Whoever opens it closes it.
 *
 * @param printer says what was not as it was left, such as a damaged file that was set aside; absent where a window does.
 */
export function openEngine(deps: CliDependencies, printer?: Printer): Engine {
  return createEngine({
    dataDirectory: deps.dataDirectory(),
    version: deps.version,
    shell: 'browser',
    logger: deps.logger(),
    environment: deps.environment,
    ...(printer && { onNotice: (notice) => printer.warn(notice) }),
  });
}
