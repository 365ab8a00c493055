import type { BuiltInServerEvent } from '@tallylight/engine';
import type { Printer } from '../../printer.js';
import { RefusalLimit } from './refusal-limit.js';

/**
 * Tells what happens on the server. Names of streams are told as the viewer page shows them; what publishers put behind
 * the "?" is no part of a name.
 */
export class ServeTeller {
  readonly #printer: Printer;
  readonly #refusals = new RefusalLimit();

  constructor(printer: Printer) {
    this.#printer = printer;
  }

  /** @param live how many streams there are now. */
  tell(event: BuiltInServerEvent, live: number): void {
    const { t, wording, error: sentences } = this.#printer.messages;
    switch (event.type) {
      case 'published':
      case 'ended': {
        const { app, name } = event.stream;
        this.#printer.state({ state: event.type, app, name, live });
        this.#say(t(`cli.serve.${event.type}`, { stream: `${app}/${name}`, count: live }));
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
        this.#printer.state({ state: type, app, name, url, error });
        this.#say(t('cli.serve.pushFailed', { stream: `${app}/${name}`, url }));
        const { message, remedy } = sentences(error);
        this.#say(`  ${message}`);
        this.#say(`  ${remedy}`);
        return;
      }
      case 'push-resumed': {
        const { type, app, name, url } = event;
        this.#printer.state({ state: type, app, name, url });
        this.#say(t('cli.serve.pushResumed', { stream: `${app}/${name}`, url }));
        return;
      }
    }
  }

  /** Names come from anybody, and a terminal does what control characters say. */
  #say(line: string): void {
    this.#printer.say(line.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD'));
  }
}

/** Without the port, which is another with each try. */
const hostOf = (remote: string): string => remote.replace(/ port \d+$/, '');
