import { createEngine, type Engine } from '@tallylight/engine';
import type { CliDependencies } from './cli-dependencies.js';

/** The engine. Nothing is read or started before it is used. Whoever opens it closes it. */
export function openEngine(deps: CliDependencies): Engine {
  return createEngine({
    dataDirectory: deps.dataDirectory(),
    version: deps.version,
    shell: 'browser',
    logger: deps.logger(),
    environment: deps.environment,
  });
}
