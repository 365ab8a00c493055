import { pino, type DestinationStream, type LevelWithSilent } from 'pino';
import { Redactor } from 'node-rtmp-client';

type LogFunction = (...entry: [data: object, message: string] | [message: string]) => void;

/** What the engine logs with. Logging goes to stderr or a file, never to stdout, which is for results. */
export interface Logger {
  readonly trace: LogFunction;
  readonly debug: LogFunction;
  readonly info: LogFunction;
  readonly warn: LogFunction;
  readonly error: LogFunction;
  /** A logger that adds `bindings` to every line. It shares its parent's secrets. */
  child(bindings: Record<string, unknown>): Logger;
  /**
   * From now on every line of this logger, its parents and its children has `***` where `value` stood, so that a stream
   * key is not told even where it slipped into the text of an error. The root logger owns the list and keeps it for its
   * life; whoever learns a key (profiles, the command line, a broadcast) adds it before using it.
   */
  addSecret(value: string): void;
  /** `text` as a line of this logger would have it: with `***` for every secret. */
  readonly redact: (text: string) => string;
}

export interface LoggerOptions {
  readonly level?: LevelWithSilent;
  /** Takes whole lines of JSON; stderr where absent. */
  readonly destination?: DestinationStream;
}

const secretFields = ['streamKey', 'key', 'token', 'password', 'authorization'];

/** Creates the process's logger; the composition roots do, once. */
export function createLogger({ level = 'info', destination }: LoggerOptions = {}): Logger {
  const secrets = new Redactor();
  const root = pino(
    {
      level,
      redact: {
        paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: '***',
      },
      hooks: { streamWrite: (line) => secrets.redactJsonLine(line) },
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
  return wrap(root, secrets);
}

function wrap(target: pino.Logger, secrets: Redactor): Logger {
  const log =
    (level: 'trace' | 'debug' | 'info' | 'warn' | 'error'): LogFunction =>
    (...entry) => {
      if (entry.length === 1) target[level](entry[0]);
      else target[level](entry[0], entry[1]);
    };
  return {
    trace: log('trace'),
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    child: (bindings) => wrap(target.child(bindings), secrets),
    addSecret: (value) => secrets.add(value),
    redact: (text) => secrets.redact(text),
  };
}
