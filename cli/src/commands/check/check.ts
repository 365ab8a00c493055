import { appError, reason, type AppErrorInfo } from '@tallylight/contract';
import {
  isSilentClose,
  rtmpErrorToAppError,
  secretsOf,
  shownPlace,
  toErrorInfo,
  withoutKeys,
} from '@tallylight/engine';
import { play, publish, type RtmpPhase, type RtmpPublisher } from 'node-rtmp-client';
import { aborted, within } from 'node-rtmp-client/async';
import { describeStep } from '../../describe-step.js';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import {
  resolveStream,
  streamOptionNames,
  streamOptions,
  warningsOf,
  type StreamOptions,
  type NamedPlace,
  type StreamPlace,
} from '../../destinations.js';
import { loadEngine } from '../../load-engine.js';
import type { Printer } from '../../printer.js';
import { tryReadings } from '../../try-readings.js';

export interface CheckOptions extends StreamOptions {
  readonly publish?: boolean;
  readonly profile?: string;
  readonly json?: boolean;
}

interface CheckedPhase {
  readonly phase: RtmpPhase | 'stable';
  readonly state: 'done' | 'failed';
  readonly elapsedMs?: number;
  readonly detail?: string;
}

export const runCheck = (
  url: string | undefined,
  options: CheckOptions,
  deps: CliDependencies,
): Promise<void> =>
  deps.run({ json: options.json === true, emptySummary: { ok: false, phases: [] } }, (printer) =>
    check(url, options, deps, printer),
  );

async function check(
  url: string | undefined,
  options: CheckOptions,
  deps: CliDependencies,
  printer: Printer,
): Promise<CommandResult> {
  if (url === undefined && options.profile === undefined) {
    throw appError('INVALID_OPTION', { reason: reason('nothing-to-check') });
  }
  if (options.profile !== undefined) refuseBeside(url, options);
  // Of a profile it is kept until the end: the built-in server is in it.
  const engine = options.profile === undefined ? undefined : await loadEngine(deps, printer);
  try {
    const target =
      engine && options.profile !== undefined
        ? await engine.openTarget(options.profile)
        : resolveStream(url ?? '', options, deps.environment);
    if (deps.interrupted.aborted) return { summary: { ok: false, phases: [] } };
    return await checkTarget(target, options, deps, printer);
  } finally {
    await engine?.close();
  }
}

/** A profile has its own server and key, and they go nowhere else. @throws AppError `INVALID_OPTION`. */
function refuseBeside(url: string | undefined, options: CheckOptions): void {
  const given = streamOptionNames.find((name) => options[name] !== undefined);
  const beside = url === undefined ? given && streamOptions[given] : '[url]';
  if (beside === undefined) return;
  throw appError('INVALID_OPTION', {
    reason: reason('only-one-option', { options: `${beside}, --profile` }),
  });
}

async function checkTarget(
  target: NamedPlace,
  options: CheckOptions,
  deps: CliDependencies,
  printer: Printer,
): Promise<CommandResult> {
  const { t } = printer.messages;
  const withPublish = options.publish === true;
  for (const secret of secretsOf(target)) {
    printer.addSecret(secret);
    deps.logger().addSecret(secret);
  }
  for (const warning of warningsOf(target)) {
    // Without a stream to publish, no key is needed.
    if (withPublish || isOfServer(warning)) printer.warn(warning);
  }
  const { url } = shownPlace(target);
  printer.say(t('cli.check.begins', { url }));
  let phases: CheckedPhase[] = [];
  const tell = (phase: CheckedPhase): void => {
    phases.push(phase);
    printer.state({ ...phase });
    printer.answer(describeStep(phase, printer.messages) ?? '');
  };

  let current: CheckedPhase['phase'] = 'dns';
  let shown = shownPlace(target);
  let tried: StreamPlace = target;
  const failure = await tryReadings(target, async (place, isOther) => {
    tried = place;
    shown = shownPlace(place);
    if (isOther) {
      phases = [];
      printer.say(t('cli.play.nextReading', shown));
    }
    await goThrough(place, withPublish, deps.interrupted, tell, (phase) => (current = phase));
  }).then(
    () => undefined,
    (thrown: unknown) => ({ thrown }),
  );
  const error =
    failure === undefined || deps.interrupted.aborted
      ? undefined
      : toErrorInfo(
          rtmpErrorToAppError(failure.thrown, {
            ...shown,
            redact: deps.logger().redact,
            hideKey: (app) => withoutKeys(app, target),
          }),
        );
  if (error) {
    tell({ phase: current, state: 'failed' });
    printer.error(error);
  } else if (!deps.interrupted.aborted) {
    const { address, streamKey } = tried;
    shown = shownPlace({ ...target, address, streamKey, otherwise: [] });
    if (target.otherwise) printer.say(t('cli.publish.readingTaken', { url: shown.url }));
    printer.answer(t(withPublish ? 'cli.check.ready' : 'cli.check.answers'));
  }
  return {
    summary: { ok: failure === undefined, url: shown.url, phases },
    ...(error && { error }),
  };
}

/** What matters also where no stream is published. */
const isOfServer = ({ code }: AppErrorInfo): boolean =>
  code === 'URL_WITHOUT_APP' || code === 'SERVICE_NEEDS_TLS';

/** As long as a broadcast watches a server before it calls it stable. */
const stableMs = 5_000;

/** Waits whether the server keeps the stream: many agree to it and close when they have looked at the key. */
async function keeps(
  publisher: RtmpPublisher,
  server: { readonly host: string; readonly port: number },
  interrupted: AbortSignal,
): Promise<void> {
  const ended = publisher.closed.then((error) => ({ error }));
  const end = await within(Promise.race([ended, aborted(interrupted)]), stableMs);
  if (interrupted.aborted || end === 'late' || typeof end !== 'object') return;
  if (end.error !== undefined && !isSilentClose(end.error)) throw end.error;
  throw appError('CLOSED_AFTER_PUBLISH', server);
}

/**
 * Goes through the phases.
 *
 * @throws RtmpError why one failed.
 */
async function goThrough(
  place: StreamPlace,
  withPublish: boolean,
  interrupted: AbortSignal,
  tell: (phase: CheckedPhase) => void,
  begins: (phase: CheckedPhase['phase']) => void,
): Promise<void> {
  const { address, streamKey } = place;
  const enough = new AbortController();
  const options = {
    address,
    signal: AbortSignal.any([interrupted, enough.signal]),
    onPhase: (event: Parameters<NonNullable<Parameters<typeof play>[0]['onPhase']>>[0]): void => {
      begins(event.phase);
      if (event.state !== 'done' || enough.signal.aborted) return;
      const { phase, elapsedMs, detail } = event;
      tell({
        ...{ phase, state: 'done' },
        ...(elapsedMs !== undefined && { elapsedMs }),
        ...(detail !== undefined && {
          detail: withoutKeys(detail, place),
        }),
      });
      if (!withPublish && phase === 'connect') enough.abort();
    },
  };
  try {
    // As a player, for a publisher's releaseStream could end a broadcast that is under way.
    if (!withPublish) {
      await (await play({ ...options, streamKey: 'check' })).close();
      return;
    }
    const publisher = await publish({ ...options, streamKey });
    begins('stable');
    await keeps(publisher, { host: address.host, port: address.port }, interrupted);
    await publisher.close();
    if (!interrupted.aborted) tell({ phase: 'stable', state: 'done', elapsedMs: stableMs });
  } catch (thrown) {
    if (!enough.signal.aborted) throw thrown;
  }
}
