import { createEngine, type Engine } from '@tallylight/engine';
import type { CliDependencies } from './cli-dependencies.js';

/** The engine with its profiles. Whoever opens it closes it. */
export function openEngine(deps: CliDependencies): Promise<Engine> {
  return createEngine({
    dataDirectory: deps.dataDirectory(),
    version: deps.version,
    shell: 'browser',
    logger: deps.logger(),
  });
}
