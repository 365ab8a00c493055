import type { Command } from 'commander';
import { quoted } from './quoted.js';

/**
 * How the program was called, with its options that what is suggested needs as well, so that it can be typed as it is
 * printed: `npx tallylight --data-dir "new folder"`.
 */
export function calledAs(
  program: Command,
  environment: NodeJS.ProcessEnv,
  options: readonly string[] = ['--lang', '--data-dir'],
): string {
  const words = [isByNpx(environment) ? `npx ${program.name()}` : program.name()];
  for (const { long, attributeName } of given(program)) {
    if (long === undefined || !options.includes(long)) continue;
    const value: unknown = program.getOptionValue(attributeName);
    words.push(long, long === '--lang' ? String(value) : quoted(String(value)));
  }
  return words.join(' ');
}

const given = (program: Command) =>
  program.options
    .map((option) => ({ long: option.long, attributeName: option.attributeName() }))
    .filter(({ attributeName }) => program.getOptionValueSource(attributeName) === 'cli');

/** Not by whatever else npx runs, such as a program that runs this one. */
export const isByNpx = ({
  npm_lifecycle_event: event,
  npm_lifecycle_script: script = '',
}: NodeJS.ProcessEnv) => event === 'npx' && /^['"]?tallylight\b/.test(script);
