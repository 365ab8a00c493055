import { matchLanguage, type Language } from '@tallylight/messages';
import { InvalidArgumentError } from 'commander';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The language of what is said: `--lang`, else what POSIX says of messages, else the system's. It must be known before
 * the options are parsed, since their help is said in it.
 */
export function chosenLanguage(
  argv: readonly string[],
  environment: Environment,
  system: string = Intl.DateTimeFormat().resolvedOptions().locale,
): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  // The first that is set decides, also where it asks for no language at all (`C`).
  const posix = [LC_ALL, LC_MESSAGES, LANG].find((value) => value !== undefined && value !== '');
  const asked = langOption(argv);
  // One that is not spoken is refused, in the language that would be spoken without it.
  const isKnown = asked !== undefined && languageOf(asked) !== undefined;
  return matchLanguage([(isKnown ? asked : undefined) ?? posix ?? system]);
}

function languageOf(text: string): Language | undefined {
  const language = matchLanguage([text]);
  return text.slice(0, 2).toLowerCase() === language.slice(0, 2) ? language : undefined;
}

function langOption(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const word = argv[at];
  return word === '--lang' ? argv[at + 1] : word?.slice('--lang='.length);
}

/** @throws InvalidArgumentError for what is none of the languages. */
export function parseLanguage(text: string): Language {
  const language = languageOf(text);
  if (language === undefined) throw new InvalidArgumentError('');
  return language;
}
