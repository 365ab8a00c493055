import type { Engine } from '@tallylight/engine';
import type { CliDependencies } from './cli-dependencies.js';
import type { Printer } from './printer.js';

/** The whole engine, for a command that needs it only where a profile is named: it is loaded then. */
export async function loadEngine(deps: CliDependencies, printer: Printer): Promise<Engine> {
  const { openEngine } = await import('./open-engine.js');
  return openEngine(deps, { printer });
}
