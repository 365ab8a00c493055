import { appError, measureSeconds, reason, serviceOf, type Upload } from '@tallylight/contract';
import {
  certificateWarning,
  checkPlace,
  isOfServer,
  rtmpErrorToAppError,
  secretsOf,
  shownPlace,
  toErrorInfo,
  withoutKeys,
  type CheckedPhase as PhaseName,
} from '@tallylight/engine';
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
import { parseSeconds } from '../../option-values.js';
import type { Printer } from '../../printer.js';
import { tryReadings } from '../../try-readings.js';

export interface CheckOptions extends StreamOptions {
  readonly publish?: boolean;
  readonly measure?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

interface CheckedPhase {
  readonly phase: PhaseName;
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
  const measureMs = readMeasure(options);
  // Of a profile it is kept until the end: the built-in server is in it.
  const engine = options.profile === undefined ? undefined : await loadEngine(deps, printer);
  try {
    const target =
      engine && options.profile !== undefined
        ? await engine.openTarget(options.profile)
        : resolveStream(url ?? '', options, deps.environment);
    if (deps.interrupted.aborted) return { summary: { ok: false, phases: [] } };
    return await checkTarget(target, { ...options, measureMs }, deps, printer);
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
  options: CheckOptions & { readonly measureMs: number | undefined },
  deps: CliDependencies,
  printer: Printer,
): Promise<CommandResult> {
  const { t } = printer.messages;
  const { measureMs } = options;
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
  const service = serviceOf({ serverUrl: target.address.tcUrl, service: target.service });
  let upload: Upload | undefined;
  let validTo: string | undefined;
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
    upload = await checkPlace(place, {
      ...{
        publish: withPublish,
        measureMs,
        signal: deps.interrupted,
        testQuery: service?.testQuery,
      },
      onBegin: (phase) => {
        current = phase;
        if (phase !== 'upload' || measureMs === undefined) return;
        const seconds = measureMs / 1000;
        const isTest = service?.testQuery !== undefined;
        printer.say(
          isTest
            ? t('cli.check.isTest', { seconds, service: t(`presets.${service.id}.name`) })
            : t('cli.check.isPublic', { seconds }),
        );
      },
      onDone: (phase, elapsedMs, detail) =>
        tell({
          ...{ phase, state: 'done' },
          ...(elapsedMs !== undefined && { elapsedMs }),
          ...(detail !== undefined && { detail }),
        }),
      onCertificate: (certificate) => {
        validTo = new Date(certificate.validTo).toISOString();
        printer.say(t('cli.check.certificate', { date: validTo.slice(0, 10) }));
        for (const warning of certificateWarning(shown.host, certificate)) printer.warn(warning);
      },
    });
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
    if (measureMs !== undefined) tellUpload(upload, printer);
    printer.answer(t(withPublish ? 'cli.check.ready' : 'cli.check.answers'));
  }
  return {
    summary: {
      ...{ ok: failure === undefined, url: shown.url, phases },
      ...(validTo !== undefined && { certificate: { validTo } }),
      ...(upload && { upload }),
    },
    ...(error && { error }),
  };
}

/** Milliseconds. @throws AppError `INVALID_OPTION`. */
function readMeasure({ measure, publish }: CheckOptions): number | undefined {
  if (measure === undefined) return undefined;
  if (publish !== true) {
    const data = { option: '--measure', other: '--publish' };
    throw appError('INVALID_OPTION', { reason: reason('only-with-option', data) });
  }
  const ms = parseSeconds('--measure', measure);
  const { least, most } = measureSeconds;
  if (ms >= least * 1000 && ms <= most * 1000) return ms;
  const [code, data] =
    ms < least * 1000
      ? (['too-small', { minimum: least }] as const)
      : (['too-big', { maximum: most }] as const);
  throw appError('INVALID_OPTION', { reason: reason(code, { option: '--measure', ...data }) });
}

function tellUpload(upload: Upload | undefined, printer: Printer): void {
  const { t } = printer.messages;
  if (!upload) {
    printer.answer(t('cli.check.uploadUnknown'));
    return;
  }
  const [measured, recommended] = [upload.bitrate, upload.recommended].map((bits) =>
    Math.round(bits / 1000),
  );
  printer.answer(t('cli.check.upload', { measured: measured ?? 0, recommended: recommended ?? 0 }));
  if (upload.isCapped) printer.answer(t('cli.check.uploadCapped'));
  if (upload.isRough) printer.answer(t('cli.check.uploadRough'));
}
