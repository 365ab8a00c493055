import {
  certificateWarningDays,
  checkPhases,
  describeError,
  measureSeconds,
  serviceOf,
  type AppErrorInfo,
  type CheckPhase,
  type CheckSnapshot,
  type CheckStep,
  type StreamSettings,
} from '@tallylight/contract';
import type { ServerCertificate, TlsOptions } from 'node-rtmp-client';
import { toErrorInfo } from '../app-error.js';
import type { Logger } from '../logger.js';
import type { DestinationTarget } from '../outputs/rtmp/destination-aim.js';
import { rtmpErrorToAppError } from '../outputs/rtmp/destination-errors.js';
import { secretsOf, shownPlace, withoutKeys } from '../outputs/rtmp/stream-place.js';
import { checkPlace, type CheckedPhase } from './check-place.js';
import { isOfServer, placeWarnings } from './place-warnings.js';

export interface DestinationCheckOptions {
  readonly target: DestinationTarget;
  readonly publish: boolean;
  readonly settings?: StreamSettings | undefined;
  readonly logger: Logger;
  readonly tls?: TlsOptions | undefined;
}

const dayMs = 24 * 3_600 * 1000;

const isShown = (phase: CheckedPhase): phase is CheckPhase =>
  (checkPhases as readonly string[]).includes(phase);

/** What a certificate that ends soon is worth a word of. */
export function certificateWarning(host: string, { validTo }: ServerCertificate): AppErrorInfo[] {
  const days = Math.floor((validTo - Date.now()) / dayMs);
  return days < certificateWarningDays ? [describeError('CERTIFICATE_ENDS', { host, days })] : [];
}

/** One check of a destination, phase by phase. */
export class DestinationCheck {
  readonly #o: DestinationCheckOptions;
  readonly #listeners = new Set<() => void>();
  #snapshot: CheckSnapshot;

  constructor(options: DestinationCheckOptions) {
    const { target, publish, settings, logger } = options;
    this.#o = options;
    for (const secret of secretsOf(target)) logger.addSecret(secret);
    const warnings = placeWarnings(target, settings);
    this.#snapshot = {
      state: 'running',
      isPublic: publish && this.#testQuery === undefined,
      steps: checkPhases
        .filter((phase) => publish || !['publish', 'upload', 'stable'].includes(phase))
        .map((phase) => ({
          phase,
          state: phase === 'tls' && target.address.protocol === 'rtmp' ? 'skipped' : 'pending',
        })),
      warnings: publish || settings ? warnings : warnings.filter(isOfServer),
    };
  }

  get snapshot(): CheckSnapshot {
    return this.#snapshot;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when it is over, at once when `signal` is aborted; never fails. */
  async run(signal: AbortSignal): Promise<void> {
    const { target, publish, logger, tls } = this.#o;
    const shown = shownPlace(target);
    try {
      const upload = await checkPlace(target, {
        ...{ publish, signal, tls },
        ...(publish && { measureMs: measureSeconds.usual * 1000 }),
        testQuery: this.#testQuery,
        onBegin: (phase) => this.#step(phase, { state: 'active' }),
        onDone: (phase, elapsedMs, detail) =>
          this.#step(phase, {
            state: 'done',
            ...(elapsedMs !== undefined && { elapsedMs: Math.round(elapsedMs) }),
            ...(detail !== undefined && { detail }),
          }),
        onCertificate: (certificate) => {
          const { validTo } = certificate;
          const warnings = certificateWarning(shown.host, certificate);
          this.#update({
            certificate: { validTo },
            warnings: [...this.#snapshot.warnings, ...warnings],
          });
        },
      });
      this.#update({ state: 'done', isPublic: false, ...(upload && { upload }) });
    } catch (thrown) {
      const error = toErrorInfo(
        rtmpErrorToAppError(thrown, {
          ...shown,
          redact: logger.redact,
          hideKey: (app) => withoutKeys(app, target),
        }),
      );
      const failing = this.#snapshot.steps.find(({ state }) => state === 'active');
      if (failing) this.#step(failing.phase, { state: 'failed' });
      this.#update({ state: 'failed', isPublic: false, error });
    }
  }

  get #testQuery(): string | undefined {
    const { address, service } = this.#o.target;
    return serviceOf({ serverUrl: address.tcUrl, service })?.testQuery;
  }

  #step(phase: CheckedPhase, patch: Partial<CheckStep>): void {
    if (!isShown(phase)) return;
    const steps = this.#snapshot.steps.map((step) =>
      step.phase === phase ? { ...step, ...patch } : step,
    );
    this.#update({ steps });
  }

  #update(patch: Partial<CheckSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...patch };
    for (const listener of this.#listeners) listener();
  }
}
