import type { BuiltInServerEvent } from '@tallylight/engine';
import { looksLikeKey } from 'node-rtmp-client';
import type { Printer } from '../../printer.js';
import { shownStream, withoutControls } from '../../shown-stream.js';
import { RefusalLimit } from './refusal-limit.js';

/**
 * Tells what happens on the server. Streams are told by their names, as on the viewer page, and where a name looks like a
 * stream key by their number.
 */
export class ServeTeller {
  readonly #printer: Printer;
  readonly #refusals = new RefusalLimit();
  /** Of the streams that are live, by application and name: which of all streams they are. */
  readonly #numbers = new Map<string, number>();
  #streams = 0;

  constructor(printer: Printer) {
    this.#printer = printer;
  }

  /** How many streams there were. */
  get streams(): number {
    return this.#streams;
  }

  /** @param live how many streams there are now. */
  tell(event: BuiltInServerEvent, live: number): void {
    const { t, wording, error: sentences } = this.#printer.messages;
    switch (event.type) {
      case 'published':
      case 'ended': {
        const { app, name } = event.stream;
        if (event.type === 'published') this.#numbers.set(`${app}/${name}`, ++this.#streams);
        const { shown, told } = this.#identify(app, name);
        this.#printer.state({ state: event.type, ...told, live });
        this.#say(t(`cli.serve.${event.type}`, { stream: shown, count: live }));
        if (event.type === 'ended') this.#numbers.delete(`${app}/${name}`);
        return;
      }
      case 'player-refused':
      case 'publisher-refused': {
        const { type, app, why } = event;
        const remote = hostOf(event.remote);
        const { isTold, untold } = this.#refusals.see(type, remote, app, why.reason);
        if (untold > 0) this.#say(t('cli.serve.moreRefused', { count: untold }));
        if (!isTold) return;
        this.#printer.state({ state: type, app, remote, why, ...(untold > 0 && { untold }) });
        const key = type === 'player-refused' ? 'playerRefused' : 'refused';
        this.#say(t(`cli.serve.${key}`, { app, remote, why: wording(why) }));
        return;
      }
      case 'push-failed': {
        const { type, app, name, url, error } = event;
        const { shown, told } = this.#identify(app, name);
        this.#printer.state({ state: type, ...told, url, error });
        this.#say(t('cli.serve.pushFailed', { stream: shown, url }));
        const { message, remedy } = sentences(error);
        this.#say(`  ${message}`);
        this.#say(`  ${remedy}`);
        return;
      }
      case 'push-resumed': {
        const { type, app, name, url } = event;
        const { shown, told } = this.#identify(app, name);
        this.#printer.state({ state: type, ...told, url });
        this.#say(t('cli.serve.pushResumed', { stream: shown, url }));
        return;
      }
    }
  }

  #identify(
    app: string,
    name: string,
  ): { shown: string; told: { app: string; number: number; name?: string } } {
    const number = this.#numbers.get(`${app}/${name}`) ?? 0;
    const shown = shownStream(app, name);
    return looksLikeKey(name)
      ? { shown: `${shown} (#${number})`, told: { app, number } }
      : { shown, told: { app, number, name } };
  }

  #say(line: string): void {
    this.#printer.say(withoutControls(line));
  }
}

/** Without the port, which is another with each try. */
const hostOf = (remote: string): string => remote.replace(/ port \d+$/, '');
