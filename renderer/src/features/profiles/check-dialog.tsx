import { serviceOf, type CheckSnapshot, type CheckStep, type Upload } from '@tallylight/contract';
import { useId } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStage, useStudio } from '../../control/studio-context.js';
import { formatElapsed } from '../../state/number-format.js';
import { isRunning } from '../../state/stage.js';
import { Button } from '../../ui/button.js';
import { CheckField } from '../../ui/check-field.js';
import { StatusMark, type StatusTone } from '../../ui/status-mark.js';
import { WindowDialog } from '../../ui/window-dialog.js';

/** Whether a destination can be reached and takes the stream, phase by phase. */
export function CheckDialog() {
  const isOpen = useStore(useStudio().check, (state) => state.shown !== undefined);
  return isOpen ? <Opened /> : undefined;
}

function Opened() {
  const messages = useMessages();
  const { t } = messages;
  const { check, profiles } = useStudio();
  const { shown, snapshot, error, isCancelled, publish, ...rest } = useStore(check);
  const { choosePublish, run, cancel, close } = rest;
  const hintId = useId();
  const { id, typed } = shown?.place ?? {};
  const saved = useStore(profiles, (state) => state.profiles.find((each) => each.id === id));
  const service = serviceOf({
    serverUrl: typed?.serverUrl ?? saved?.serverUrl ?? '',
    service: typed?.service ?? saved?.service,
  });
  const failure = error ?? snapshot?.error;
  return (
    <WindowDialog
      title={t('window.check.title', { name: shown?.name ?? '' })}
      closeLabel={t('window.check.close')}
      onClose={close}
      actions={
        rest.isRunning ? (
          <Button onClick={cancel}>{t('window.check.cancel')}</Button>
        ) : (
          <Button onClick={() => void run()}>{t('window.check.again')}</Button>
        )
      }
    >
      <div className="space-y-4 px-5 py-4">
        <p aria-live="polite" className="font-medium">
          {t(
            `window.check.${verdictOf({ snapshot, isCancelled, hasFailed: failure !== undefined })}`,
          )}
        </p>
        {snapshot?.isPublic && (
          <p role="alert" className="text-warn">
            {t('window.check.isPublic')}
          </p>
        )}
        {snapshot && <Steps steps={snapshot.steps} isOver={!rest.isRunning} />}
        {failure && (
          <div role="alert">
            <p className="font-medium text-live-text">{messages.error(failure).message}</p>
            <p>{messages.error(failure).remedy}</p>
          </div>
        )}
        {snapshot?.certificate && (
          <p className="text-muted">
            {t('window.check.certificate', {
              date: new Date(snapshot.certificate.validTo).toLocaleDateString(messages.language),
            })}
          </p>
        )}
        {snapshot?.warnings.map((warning) => (
          <p key={warning.code} className="flex gap-1.5 text-warn">
            <StatusMark tone="fair" />
            {messages.error(warning).message} {messages.error(warning).remedy}
          </p>
        ))}
        {snapshot?.upload && <Measured upload={snapshot.upload} />}
        <div>
          <CheckField
            label={t('window.check.publish')}
            checked={publish}
            describedBy={hintId}
            onChange={choosePublish}
          />
          <p id={hintId} className="pl-6 text-xs text-muted">
            {service?.testQuery === undefined
              ? t('window.check.publishHint')
              : t('window.check.testHint', { service: t(`presets.${service.id}.name`) })}
          </p>
        </div>
      </div>
    </WindowDialog>
  );
}

interface Verdict {
  readonly snapshot: CheckSnapshot | undefined;
  readonly isCancelled: boolean;
  readonly hasFailed: boolean;
}

function verdictOf({ snapshot, isCancelled, hasFailed }: Verdict) {
  if (hasFailed) return 'failed';
  if (isCancelled) return 'cancelled';
  if (snapshot?.state !== 'done') return 'running';
  return snapshot.steps.some(({ phase }) => phase === 'publish') ? 'done' : 'answers';
}

const tones = { done: 'good', failed: 'poor', active: 'busy' } as const satisfies Partial<
  Record<CheckStep['state'], StatusTone>
>;

function Steps({ steps, isOver }: { steps: readonly CheckStep[]; isOver: boolean }) {
  const messages = useMessages();
  return (
    <ul aria-label={messages.t('window.check.phases')} className="divide-y divide-line">
      {steps
        .filter(({ state }) => state !== 'skipped')
        .map(({ phase, state, detail, elapsedMs }) => {
          const isAhead = state === 'pending' || (state === 'active' && isOver);
          const tone =
            state === 'pending' || state === 'skipped' || isAhead ? undefined : tones[state];
          return (
            <li key={phase} className="flex min-h-7.5 items-baseline gap-2.5 py-1.25">
              <span className="w-4.25 flex-none self-center">
                {tone && <StatusMark tone={tone} size={17} />}
              </span>
              <span className={`flex-1 ${isAhead ? 'text-muted' : ''}`}>
                {messages.phase(phase)}
                {detail !== undefined && (
                  <span className="numbers pl-2.5 wrap-anywhere text-muted">
                    {messages.wording(detail)}
                  </span>
                )}
              </span>
              <span className="numbers flex-none text-muted">
                {elapsedMs !== undefined && formatElapsed(elapsedMs, messages)}
              </span>
            </li>
          );
        })}
    </ul>
  );
}

/** The upload, and the way to have the picture fit into it. */
function Measured({ upload }: { upload: Upload }) {
  const { t, number } = useMessages();
  const { settings } = useStudio();
  const { videoBitrate, audioBitrate } = useStore(settings, (state) => state.settings);
  const isOnAir = isRunning(useStage());
  const kilobits = (bits: number): number => Math.round(bits / 1000);
  // The sound has its part of it.
  const step = 100_000;
  const fits = Math.max(step, Math.floor((upload.recommended - audioBitrate) / step) * step);
  const bitrate = number(kilobits(fits));
  return (
    <div className="space-y-1.5">
      <p>
        {t('window.check.upload', {
          measured: kilobits(upload.bitrate),
          recommended: kilobits(upload.recommended),
        })}{' '}
        {upload.isCapped && t('window.check.uploadCapped')}
        {upload.isRough && t('window.check.uploadRough')}
      </p>
      {videoBitrate === fits ? (
        <p aria-live="polite">{t('window.check.used', { bitrate })}</p>
      ) : (
        !isOnAir && (
          <Button onClick={() => settings.getState().update({ videoBitrate: fits })}>
            {t('window.check.use', { bitrate })}
          </Button>
        )
      )}
    </div>
  );
}
