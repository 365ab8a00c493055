import { appError, reason } from '@tallylight/contract';
import { rtmpErrorToAppError, toErrorInfo } from '@tallylight/engine';
import { play, publish, type RtmpAddress, type RtmpPhase } from 'node-rtmp-client';
import { describeStep } from '../../broadcast-reporter.js';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import { resolveDestinations } from '../../destinations.js';
import { loadEngine } from '../../load-engine.js';
import type { Printer } from '../../printer.js';
import { parseAddress } from '../../rtmp-address.js';

export interface CheckOptions {
  readonly publish?: boolean;
  readonly key?: string;
  readonly keyEnv?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

interface CheckedPhase {
  readonly phase: RtmpPhase;
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

interface Target {
  readonly address: RtmpAddress;
  readonly streamKey: string;
}

async function check(
  url: string | undefined,
  options: CheckOptions,
  deps: CliDependencies,
  printer: Printer,
): Promise<CommandResult> {
  const target = await resolveTarget(url, options, deps);
  if (target.streamKey !== '') {
    printer.addSecret(target.streamKey);
    deps.logger().addSecret(target.streamKey);
  }
  const { serverUrl, host, port, app } = target.address;
  const { t } = printer.messages;
  printer.say(t('cli.check.begins', { url: serverUrl }));
  const phases: CheckedPhase[] = [];
  const tell = (phase: CheckedPhase): void => {
    phases.push(phase);
    printer.state({ ...phase });
    printer.answer(describeStep(phase, printer.messages) ?? '');
  };

  const failure = await tryPhases(target, options.publish === true, deps.interrupted, tell);
  const error =
    failure === undefined || deps.interrupted.aborted
      ? undefined
      : toErrorInfo(
          rtmpErrorToAppError(failure.thrown, {
            ...{ host, port, app, url: serverUrl, redact: deps.logger().redact },
          }),
        );
  if (error) {
    tell({ phase: failure?.phase ?? 'dns', state: 'failed' });
    printer.error(error);
  } else if (!deps.interrupted.aborted) {
    printer.answer(t(options.publish === true ? 'cli.check.ready' : 'cli.check.answers'));
  }
  return {
    summary: { ok: failure === undefined, url: serverUrl, phases },
    ...(error && { error }),
  };
}

/** Goes through the phases. Resolves to the phase that failed and why, or `undefined` when all went well. */
async function tryPhases(
  { address, streamKey }: Target,
  withPublish: boolean,
  interrupted: AbortSignal,
  tell: (phase: CheckedPhase) => void,
): Promise<{ phase: RtmpPhase; thrown: unknown } | undefined> {
  let current: RtmpPhase = 'dns';
  const enough = new AbortController();
  const options = {
    address,
    signal: AbortSignal.any([interrupted, enough.signal]),
    onPhase: (event: Parameters<NonNullable<Parameters<typeof play>[0]['onPhase']>>[0]): void => {
      current = event.phase;
      if (event.state !== 'done' || enough.signal.aborted) return;
      const { phase, elapsedMs, detail } = event;
      tell({
        ...{ phase, state: 'done' },
        ...(elapsedMs !== undefined && { elapsedMs }),
        ...(detail !== undefined && { detail }),
      });
      if (!withPublish && phase === 'connect') enough.abort();
    },
  };
  try {
    // As a player, for a publisher's releaseStream could end a broadcast that is under way.
    const connection = withPublish
      ? await publish({ ...options, streamKey })
      : await play({ ...options, streamKey: 'check' });
    await connection.close();
    return undefined;
  } catch (thrown) {
    return enough.signal.aborted ? undefined : { phase: current, thrown };
  }
}

/** Without --publish no key is needed, so `rtmp://host/app` is as good as the full URL. */
async function resolveTarget(
  url: string | undefined,
  options: CheckOptions,
  deps: CliDependencies,
): Promise<Target> {
  const hasKey = [options.key, options.keyEnv, options.profile].some((o) => o !== undefined);
  if (url !== undefined && !hasKey && options.publish !== true) {
    const address = parseAddress(url, true);
    return { address, streamKey: address.streamName ?? '' };
  }
  if (url === undefined && options.profile === undefined) {
    throw appError('INVALID_OPTION', { reason: reason('nothing-to-check') });
  }
  const engine = options.profile === undefined ? undefined : await loadEngine(deps);
  try {
    const [destination] = await resolveDestinations(
      { ...options, to: url === undefined ? [] : [url] },
      deps.environment,
      (name) => {
        if (!engine) throw new Error('a profile without an engine');
        return engine.openTarget(name);
      },
    );
    if (!destination) throw new Error('no destination');
    const { serverUrl, streamKey } = destination;
    return { address: parseAddress(serverUrl, false), streamKey };
  } finally {
    await engine?.close();
  }
}
