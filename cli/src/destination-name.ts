import { builtInProfileNames, reason, type AppErrorInfo } from '@tallylight/contract';
import type { CliMessages } from '@tallylight/messages/cli';

const [builtInName] = builtInProfileNames;

/**
 * A destination's name for people: no saved one can be called as the built-in server is, which has a name in each
 * language. The number stands before names that would be the same.
 */
export function saidName(name: string, { wording }: CliMessages): string {
  const [, number = '', rest = name] = /^(#\d+ )?(.*)$/s.exec(name) ?? [];
  return rest === builtInName ? number + wording(reason('built-in-server')) : name;
}

/** An error with the name of the destination that it is about as people are told it. */
export function withSaidName(error: AppErrorInfo, messages: CliMessages): AppErrorInfo {
  const { destination } = error.data;
  if (typeof destination !== 'string') return error;
  return { ...error, data: { ...error.data, destination: saidName(destination, messages) } };
}
