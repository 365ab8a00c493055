import { dirname } from 'node:path';
import {
  appErrorSchema,
  presetOf,
  reasonSchema,
  type AppErrorInfo,
  type BroadcastEvent,
  type Reason,
} from '@tallylight/contract';
import { createMessages, specialRemedy } from '@tallylight/messages';
import { cliCatalog, type CliMessages } from '@tallylight/messages/cli';
import { columns } from './columns.js';
import { withSaidName } from './destination-name.js';
import { withSaidPlaceholders } from './placeholders.js';
import { quoted } from './quoted.js';
import { Redactor } from 'node-rtmp-client/redactor';

/** The part of a stream that is written to. */
export interface TextSink {
  readonly isTTY?: boolean;
  /** How wide a terminal is. */
  readonly columns?: number;
  /** Bytes that nobody has taken yet. */
  readonly writableLength?: number;
  write(text: string): unknown;
}

export interface PrinterOptions {
  readonly json: boolean;
  readonly messages: CliMessages;
  /** Whose help says what is accepted, such as `tallylight publish`. */
  readonly command?: string;
  /** How the program is called where another of its commands is suggested. */
  readonly program?: string;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
}

/**
 * Fields that may hold what a server, a system or a program said. In all others are our own words, and the names and
 * paths that the user gave: a key that is like one of them ("live", "show") must not blank it.
 */
const foreignFields = new Set(['reason', 'why']);

/** Of what comes again and again, nothing more is written while this much waits for a reader that has stopped. */
const maxWaitingBytes = 1024 * 1024;

/** Where progress cannot be redrawn, a line of it is due this often. */
const progressEveryMs = 10_000;

/** What helps, or happens now, where that is not what helps with all errors of its code. */
export type Remedy = (messages: CliMessages) => string;

/** What is known of an error where it is told. */
interface ErrorContext {
  /** The destination that it is about. */
  readonly destination?: string;
  /** Whom of several it happened to, as people are told it: what went wrong alone does not say. */
  readonly of?: string;
  readonly remedy?: Remedy;
  /** The command of a running broadcast that it answers, and what whoever gave it calls it. */
  readonly command?: string;
  readonly id?: string | number;
}

/**
 * What a command says: what was asked for on stdout, as JSON lines or in words, and how it goes on stderr. Known stream
 * keys are replaced wherever somebody else's words are told.
 */
export class Printer {
  readonly #options: PrinterOptions;
  readonly #redactor = new Redactor();
  #progressShown = false;
  #lastProgressAt = -Infinity;

  constructor(options: PrinterOptions) {
    this.#options = options;
  }

  /** What is said to people. */
  get messages(): CliMessages {
    return this.#options.messages;
  }

  /** From now on `***` stands where this key would have stood in what others say. */
  addSecret(key: string): void {
    this.#redactor.add(key);
  }

  state(fields: object): void {
    this.#line({ type: 'state', ...fields });
  }

  stats(fields: object): void {
    if (!isBehind(this.#options.stdout)) this.#line({ type: 'stats', ...fields });
  }

  /** What happened, for programs; people are told in their own way. */
  event({ error, ...fields }: BroadcastEvent, remedy?: Remedy): void {
    const why = error && { error: { ...error, ...this.#told(error, english, remedy) } };
    this.#line({ type: 'event', ...fields, ...why });
  }

  error(error: AppErrorInfo, { remedy, of: name, ...about }: ErrorContext = {}): void {
    const { message, remedy: helps } = this.#told(error, this.messages, remedy);
    this.#line({ type: 'error', ...error, ...about, ...this.#told(error, english, remedy) });
    const { t } = this.messages;
    this.say(`✗ ${name === undefined ? message : t('cli.publish.troubleOf', { name, message })}`);
    this.say(`  ${helps}`);
  }

  #told(error: AppErrorInfo, messages: CliMessages, remedy: Remedy | undefined) {
    const sentences = this.#sentences(this.#clean(error), messages);
    return remedy ? { ...sentences, remedy: remedy(messages) } : sentences;
  }

  /** What is not wrong, but should be known. */
  notice(notice: Reason): void {
    this.#line({ type: 'notice', ...notice, message: english.wording(this.#clean(notice)) });
    this.say(`! ${this.messages.wording(this.#clean(notice))}`);
  }

  /** What is worth knowing, though the command goes on. */
  warn(warning: AppErrorInfo): void {
    const { messages } = this;
    const { message, remedy } = messages.error(withSaidName(this.#clean(warning), messages));
    this.#line({ type: 'warning', ...warning });
    this.say(`! ${message}`);
    this.say(`  ${remedy}`);
  }

  /** A replay that was saved. */
  replay(saved: object): void {
    this.#line({ type: 'replay', ...saved });
  }

  /** What came of a command to a running broadcast. */
  answered(fields: object, text: string): void {
    this.#line({ type: 'answer', ...fields });
    this.say(`✓ ${text}`);
  }

  /** The last line. */
  summary(fields: object): void {
    this.#line({ type: 'summary', ...fields });
  }

  /**
   * A line of what was asked for. Without `--json` it goes to stdout, where a pipe or a file gets it; with it, what was
   * asked for is the summary.
   */
  answer(text: string): void {
    if (this.#options.json) {
      this.say(text);
      return;
    }
    this.#endProgress();
    this.#options.stdout.write(`${text}\n`);
  }

  /** A line for people. */
  say(text: string): void {
    this.#endProgress();
    this.#options.stderr.write(`${text}\n`);
  }

  /**
   * How far it is; on a terminal the line is redrawn in place, elsewhere it comes now and then.
   *
   * @param more what stands behind it, as far as there is room in one line.
   */
  progress(text: string, more: readonly string[] = []): void {
    const { stderr } = this.#options;
    if (isBehind(stderr)) return;
    if (stderr.isTTY === true) {
      // A line that is broken into two could not be redrawn.
      stderr.write(`\r\u001b[2K${withRoomFor(text, more, stderr.columns ?? usualColumns)}`);
      this.#progressShown = true;
    } else if (Date.now() - this.#lastProgressAt >= progressEveryMs) {
      this.#lastProgressAt = Date.now();
      stderr.write(`${[text, ...more].join(between)}\n`);
    }
  }

  #endProgress(): void {
    if (this.#progressShown) this.#options.stderr.write('\n');
    this.#progressShown = false;
  }

  #line(entry: object): void {
    if (!this.#options.json) return;
    const forPrograms = (name: string, value: unknown): unknown =>
      typeof value === 'number' ? rounded(name, value) : this.#withSentences(value);
    this.#options.stdout.write(`${JSON.stringify(this.#clean(entry), forPrograms)}\n`);
  }

  /** A copy without the known keys in what others said. */
  #clean<T>(value: T): T {
    return this.#cleanField('', value) as T;
  }

  #cleanField(name: string, value: unknown): unknown {
    if (typeof value === 'string') {
      return foreignFields.has(name) ? this.#redactor.redact(value) : value;
    }
    if (Array.isArray(value)) return value.map((item) => this.#cleanField(name, item));
    if (typeof value !== 'object' || value === null) return value;
    const { data: isOurs } = reasonSchema.safeParse(value);
    return Object.fromEntries(
      Object.entries(value).map(([field, item]) => [
        field,
        isOurs && field === 'reason' ? item : this.#cleanField(field, item),
      ]),
    );
  }

  /** Programs get codes and data, and the English sentences for whoever reads what they keep. */
  #withSentences(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || 'message' in value) return value;
    const error = appErrorSchema.safeParse(value);
    return error.success ? { ...value, ...this.#sentences(error.data, english) } : value;
  }

  /** What was typed wrongly is explained by the help of the command that it was typed for. */
  #sentences(error: AppErrorInfo, messages: CliMessages): { message: string; remedy: string } {
    const said = withSaidName(withSaidPlaceholders(error, messages), messages);
    const { message, remedy } = messages.error(said);
    const { command = 'tallylight', program = 'tallylight' } = this.#options;
    const { t } = messages;
    if (error.code === 'CAMERA_NOT_FOUND')
      return { message, remedy: t('cli.seeDevices', { program }) };
    if (error.code === 'DATA_FOLDER_UNUSABLE') {
      return { message, remedy: t('cli.otherDataDirectory') };
    }
    if (error.code === 'PROFILE_NOT_FOUND')
      return { message, remedy: t('cli.seeProfiles', { program }) };
    // The window's engines are not to be had here.
    if (error.code === 'ENCODER_FAILED')
      return { message, remedy: t('cli.otherEncoder', { program }) };
    const hint = addressHint(error, messages) ?? folderHint(error, messages);
    if (hint !== undefined) return { message, remedy: hint };
    const isTyped = error.code === 'INVALID_OPTION' && specialRemedy(error) === undefined;
    return { message, remedy: isTyped ? t('cli.seeHelp', { command }) : remedy };
  }
}

/** Where whoever has an account there finds the address that is missing. */
function addressHint({ data }: AppErrorInfo, { t }: CliMessages): string | undefined {
  const { reason: why, service } = data;
  if (typeof why !== 'object' || why.reason !== 'preset-needs-address') return undefined;
  const preset = typeof service === 'string' ? presetOf(service) : undefined;
  const hint = preset && t(`presets.${preset.id}.hint`);
  return hint === '' ? undefined : hint;
}

/** How the folder is made that a file was to be in. */
function folderHint(error: AppErrorInfo, { t }: CliMessages): string | undefined {
  if (specialRemedy(error) !== 'no-such-folder') return undefined;
  const { reason: why, file = typeof why === 'object' ? why.data?.['file'] : undefined } =
    error.data;
  if (typeof file !== 'string') return undefined;
  const command = process.platform === 'win32' ? 'mkdir' : 'mkdir -p';
  return t('cli.makeFolder', { command: `${command} ${quoted(dirname(file))}` });
}

const english = createMessages('en', cliCatalog);

/** Without the digits that are only noise of the clock: milliseconds with one, everything else with three. */
function rounded(name: string, value: number): number {
  const scale = /(Ms|milliseconds)$/.test(name) ? 10 : 1000;
  return Number.isInteger(value) ? value : Math.round(value * scale) / scale;
}

const usualColumns = 80;
const between = '  ';

const withRoomFor = (text: string, more: readonly string[], width: number): string =>
  more.reduce((line, each) => {
    const longer = line + between + each;
    return columns(longer) < width ? longer : line;
  }, text);

const isBehind = ({ writableLength = 0 }: TextSink): boolean => writableLength > maxWaitingBytes;
