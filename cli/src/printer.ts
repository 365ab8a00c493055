import { appErrorSchema, type AppErrorInfo, type Reason } from '@tallylight/contract';
import { createMessages } from '@tallylight/messages';
import type { CliMessages } from '@tallylight/messages/cli';
import { Redactor } from 'node-rtmp-client/redactor';

/** The part of a stream that is written to. */
export interface TextSink {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface PrinterOptions {
  readonly json: boolean;
  readonly messages: CliMessages;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
}

/**
 * Fields that we fill ourselves and never with a key. They stay as they are, or a key such as "live" would make JSON
 * lines unreadable for programs.
 */
const structuralFields = new Set([
  ...['type', 'state', 'phase', 'code', 'name', 'id', 'label', 'codec'],
  ...['url', 'path', 'watchUrl', 'rtmp', 'http'],
]);

/** Where progress cannot be redrawn, a line of it is due this often. */
const progressEveryMs = 10_000;

/**
 * What a command says: JSON lines on stdout where asked for, and everything for people on stderr. Known stream keys
 * are replaced in both, whatever text they slipped into.
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

  /** From now on `***` stands where this key would have stood. */
  addSecret(key: string): void {
    this.#redactor.add(key);
  }

  state(fields: object): void {
    this.#line({ type: 'state', ...fields });
  }

  stats(fields: object): void {
    this.#line({ type: 'stats', ...fields });
  }

  error(error: AppErrorInfo): void {
    const { message, remedy } = this.messages.error(error);
    this.#line({ type: 'error', ...error });
    this.say(`✗ ${message}`);
    this.say(`  ${remedy}`);
  }

  /** What is not wrong, but should be known. */
  notice(notice: Reason): void {
    this.#line({ type: 'notice', ...notice, message: english.wording(notice) });
    this.say(`! ${this.messages.wording(notice)}`);
  }

  /** What is worth knowing, though the command goes on. */
  warn(warning: AppErrorInfo): void {
    const { message, remedy } = this.messages.error(warning);
    this.#line({ type: 'warning', ...warning });
    this.say(`! ${message}`);
    this.say(`  ${remedy}`);
  }

  /** The last line. */
  summary(fields: object): void {
    this.#line({ type: 'summary', ...fields });
  }

  /** A line for people. */
  say(text: string): void {
    this.#endProgress();
    this.#options.stderr.write(`${this.#redactor.redact(text)}\n`);
  }

  /** How far it is; on a terminal the line is redrawn in place, elsewhere it comes now and then. */
  progress(text: string): void {
    const clean = this.#redactor.redact(text);
    if (this.#options.stderr.isTTY === true) {
      this.#options.stderr.write(`\r\u001b[2K${clean}`);
      this.#progressShown = true;
    } else if (Date.now() - this.#lastProgressAt >= progressEveryMs) {
      this.#lastProgressAt = Date.now();
      this.#options.stderr.write(`${clean}\n`);
    }
  }

  #endProgress(): void {
    if (this.#progressShown) this.#options.stderr.write('\n');
    this.#progressShown = false;
  }

  #line(entry: object): void {
    if (!this.#options.json) return;
    const forPrograms = (name: string, value: unknown): unknown => {
      if (typeof value !== 'string') return withSentences(value);
      return structuralFields.has(name) ? value : this.#redactor.redact(value);
    };
    this.#options.stdout.write(`${JSON.stringify(entry, forPrograms)}\n`);
  }
}

/** Programs get codes and data, and the English sentences for whoever reads what they keep. */
const english = createMessages('en');

function withSentences(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || 'message' in value) return value;
  const error = appErrorSchema.safeParse(value);
  return error.success ? { ...value, ...english.error(error.data) } : value;
}
