import type { AppErrorInfo, ErrorData, Reason, ReasonCode } from '@tallylight/contract';
import { createMessages, languages } from '@tallylight/messages';
import { cliCatalog, type CliMessages } from '@tallylight/messages/cli';
import type { CommanderError } from 'commander';
import { givenTwice, notUsedHere } from './usage-error-codes.js';
import { withSaidPlaceholders } from './placeholders.js';
import type { TextSink } from './printer.js';

/** What commander did not understand. It tells only in sentences, which quote what they are about. */
function whyNotUnderstood({ code, message }: CommanderError, unknown?: string): Reason {
  const text = withoutAddresses(/'(.*?)'/.exec(message)?.[1] ?? '');
  switch (code) {
    // Only a group of commands was named; its help has been shown.
    case 'commander.help':
      return unknown === undefined
        ? reason('no-command')
        : reason('unknown-command', { text: withoutAddresses(unknown) });
    case 'commander.unknownOption':
      return reason('unknown-option', { text });
    case 'commander.unknownCommand':
      return reason('unknown-command', { text });
    case 'commander.missingArgument':
      return reason('missing-argument', { text: `<${text}>` });
    case 'commander.missingMandatoryOptionValue':
      return reason('missing-option', { text });
    case 'commander.optionMissingArgument':
      return reason('option-needs-value', { text });
    case 'commander.invalidArgument': {
      const given = /argument '(.*?)' is invalid/.exec(message)?.[1] ?? '';
      const data = { option: '--lang', languages: languages.join(', '), text: given };
      return reason('not-a-language', data);
    }
    case givenTwice:
      return reason('given-twice', { option: text });
    case notUsedHere: {
      const [, command = '', other = ''] = [...message.matchAll(/'(.*?)'/g)].map(
        ([, each]) => each,
      );
      return reason('not-used-here', { option: text, command, other });
    }
    case 'commander.excessArguments':
      return reason('too-many-arguments');
    default:
      return reason('not-understood', { text: withoutAddresses(message.replace(/^error: /, '')) });
  }
}

const usageError = (error: CommanderError, unknown?: string): AppErrorInfo => ({
  code: 'INVALID_OPTION',
  data: { reason: whyNotUnderstood(error, unknown) },
});

/** The contract's own would load its schemas, which no wrong usage needs. */
const reason = (code: ReasonCode, data?: ErrorData): Reason => ({
  reason: code,
  ...(data && { data }),
});

/**
 * For people.
 *
 * @param unknown the command whose help was asked for, where there is none of that name.
 */
export function sayUsageError(
  error: CommanderError,
  command: string,
  messages: CliMessages,
  stderr: TextSink,
  unknown?: string,
): void {
  const said = withSaidPlaceholders(usageError(error, unknown), messages);
  const { message } = messages.error(said);
  const remedy = messages.t('cli.seeHelp', { command });
  const near = /Did you mean (?:one of )?(.*?)\?/.exec(error.message)?.[1];
  const hint = near === undefined ? '' : `  ${messages.t('cli.didYouMean', { text: near })}\n`;
  stderr.write(`✗ ${message}\n${hint}  ${remedy}\n`);
}

/** The JSON lines of a command that was not understood. */
export function writeUsageError(
  error: CommanderError,
  command: string,
  stdout: TextSink,
  unknown?: string,
): void {
  const info = usageError(error, unknown);
  const english = createMessages('en', cliCatalog);
  const { message } = english.error(info);
  const lastError = { ...info, message, remedy: english.t('cli.seeHelp', { command }) };
  stdout.write(`${JSON.stringify({ type: 'error', ...lastError })}\n`);
  stdout.write(`${JSON.stringify({ type: 'summary', lastError })}\n`);
}

/** commander repeats what it does not understand, and that may be an address with its key. */
const withoutAddresses = (text: string): string =>
  text.replaceAll(/\brtmps?:\/\/[^\s'"]+/gi, 'rtmp://…');
