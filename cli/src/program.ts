import type { ExitCode } from '@tallylight/contract';
import type { CliMessages } from '@tallylight/messages/cli';
import { Command, Help, Option, type CommanderError, type HelpConfiguration } from 'commander';
import type { CliDependencies } from './cli-dependencies.js';
import { registerCheck } from './commands/check-command.js';
import { registerDemo } from './commands/demo-command.js';
import { registerDevices } from './commands/devices-command.js';
import { registerPlay } from './commands/play-command.js';
import { registerProfiles } from './commands/profiles-command.js';
import { registerPublish } from './commands/publish-command.js';
import { registerServe } from './commands/serve-command.js';
import { registerServerConfig } from './commands/server-config-command.js';
import { registerStudio } from './commands/studio-command.js';
import { calledAs } from './called-as.js';
import { commandName } from './command-name.js';
import { parseLanguage } from './chosen-language.js';
import { columns } from './columns.js';
import { dataDirectory } from './data-directory.js';
import { givenTwice, notUsedHere } from './usage-error-codes.js';
import { withPlaceholders } from './placeholders.js';

/**
 * The whole command line; nothing runs until it is parsed. It knows what the commands are called and accept. Their code is
 * loaded when one of them runs, so that `--version`, `--help` and a wrong usage cost next to nothing.
 */
export function createProgram(deps: CliDependencies): Command {
  const { t } = deps.messages;
  const folder = dataDirectory({ ...deps.environment, TALLYLIGHT_DATA_DIR: undefined });
  const program = new Command('tallylight')
    .description(t('cli.description'))
    .version(deps.version, '-V, --version', t('cli.options.version'))
    .option('--data-dir <folder>', t('cli.options.dataDirectory', { folder }))
    .option('--lang <language>', t('cli.options.lang'), parseLanguage)
    .option('--verbose', t('cli.options.verbose'))
    // Of every command that has it, and taken before its name as well.
    .addOption(new Option('--json').hideHelp())
    .helpOption('-h, --help', t('cli.options.help'))
    .helpCommand('help [command]', t('cli.help.description'))
    .addHelpText('after', `\n${t('cli.exitCodes')}\n\n${t('cli.fileRule')}\n${t('cli.keyWarning')}`)
    .configureHelp(translatedHelp(deps.messages))
    .exitOverride()
    .configureOutput({
      writeOut: (text) => deps.stdout.write(text),
      writeErr: (text) => deps.stderr.write(text),
      // What was not understood is said by whoever catches it, in the user's language.
      outputError: () => undefined,
    });
  program.hook('preAction', (_, command) => {
    if (program.opts<{ json?: boolean }>().json === true) command.setOptionValue('json', true);
    refuseOptionsOfParent(command);
  });
  const commands = [
    ...[registerPublish, registerPlay, registerServe, registerCheck, registerDevices],
    ...[registerProfiles, registerServerConfig, registerStudio, registerDemo],
  ];
  for (const register of commands) register(program, deps);
  refuseSecondValues(program);
  return program;
}

/** A second value would take the place of the first without a word, and the first be thought to count. */
function refuseSecondValues(command: Command): void {
  const given = new Set<string>();
  for (const option of command.options) {
    const attribute = option.attributeName();
    const take = (): void => {
      const long = option.long?.replace(/^--no-/, '--');
      if (given.has(attribute)) command.error(`'${long}' twice`, { code: givenTwice });
      given.add(attribute);
    };
    const isOpposite = (other: Option): boolean =>
      !other.negate && other.attributeName() === attribute;
    // `--no-key` sets what `--key` does.
    if (option.negate && command.options.some(isOpposite)) {
      command.on(`option:${option.name()}`, take);
    }
    if (!option.required || option.parseArg) continue;
    option.argParser((value: string) => {
      take();
      return value;
    });
  }
  for (const each of command.commands) refuseSecondValues(each);
}

/** commander takes the options of a command behind the names of its own commands, too, where nothing reads them. */
function refuseOptionsOfParent(command: Command): void {
  const { parent } = command;
  if (!parent?.parent) return;
  const own = command.options.map(({ long }) => long);
  for (const option of parent.options) {
    const isGiven = parent.getOptionValueSource(option.attributeName()) === 'cli';
    if (!isGiven || own.includes(option.long)) continue;
    const [one, other] = [`${parent.name()} ${command.name()}`, parent.name()];
    command.error(`'${option.long}' '${one}' '${other}'`, { code: notUsedHere });
  }
}

/** commander's own words, in the user's language. */
function translatedHelp(messages: CliMessages): HelpConfiguration {
  const { t } = messages;
  const help = new Help();
  const translate = (text: string): string => withPlaceholders(text, messages);
  const titles: Readonly<Record<string, string>> = {
    'Usage:': t('cli.titles.usage'),
    'Arguments:': t('cli.titles.arguments'),
    'Options:': t('cli.titles.options'),
    'Commands:': t('cli.titles.commands'),
  };
  return {
    styleTitle: (title) => titles[title] ?? title,
    styleUsage: translate,
    styleSubcommandTerm: translate,
    styleOptionTerm: translate,
    styleArgumentTerm: translate,
    // commander puts a space behind every colon.
    formatHelp: (command, helper) => help.formatHelp(command, helper).replace(/^(\S*：) /, '$1'),
    optionDescription: ({ description, defaultValue }) => {
      const isSaid = typeof defaultValue === 'string';
      return isSaid ? `${description}${t('cli.default', { value: defaultValue })}` : description;
    },
    displayWidth: columns,
    minWidthToWrap: 20,
    // In a narrow terminal what an option does has no room beside it.
    formatItem: (term, termWidth, description, helper) => {
      const { helpWidth = 80, minWidthToWrap } = helper;
      const isWide = helpWidth - termWidth - 4 >= minWidthToWrap;
      if (isWide || !description) {
        return Help.prototype.formatItem.call(helper, term, termWidth, description, helper);
      }
      return `  ${term}\n${helper.boxWrap(description, helpWidth - 6).replaceAll(/^/gm, '      ')}`;
    },
  };
}

/** Tells what was not understood, and ends the JSON lines of its command. */
export async function reportUsageError(
  error: CommanderError,
  program: Command,
  argv: readonly string[],
  {
    messages,
    environment,
    stdout,
    stderr,
  }: Pick<CliDependencies, 'messages' | 'environment' | 'stdout' | 'stderr'>,
): Promise<ExitCode> {
  if (error.exitCode === 0) return 0;
  const { sayUsageError, writeUsageError } = await import('./usage-error.js');
  // The options of all commands are told by the help of the program.
  const isGlobal = program.options.some(({ flags }) => error.message.includes(`'${flags}'`));
  const called = calledAs(program, environment, ['--lang']);
  const command = isGlobal ? called : commandName(program, argv.slice(2), called);
  const [first, topic] = program.args;
  // `help` of a command that there is not: commander says only that it has shown its own.
  const unknown = first === 'help' ? topic : undefined;
  if (argv.includes('--json')) writeUsageError(error, command, stdout, unknown);
  sayUsageError(error, command, messages, stderr, unknown);
  return 2;
}
