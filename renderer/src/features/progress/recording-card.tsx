import type { RecordingStatus } from '@tallylight/contract';
import type { ReactNode } from 'react';
import { useMessages } from '../../control/studio-context.js';
import { formatBytes, formatShortClock, formatWhole } from '../../state/number-format.js';
import { outputTones } from '../../state/output-tones.js';
import { spaceLeft } from '../../state/space-left.js';
import { Fact, Facts, OutputSection } from './output-section.js';

export interface RecordingCardProps {
  readonly recording: RecordingStatus;
  /** At the right end of the heading. */
  readonly action?: ReactNode;
}

/** How a file that the broadcast is recorded to does. */
export function RecordingCard({ recording, action }: RecordingCardProps) {
  const { name, state, path, otherPaths = [], bytes, lastError } = recording;
  const { frames, durationMs, isPaused, space } = recording;
  const messages = useMessages();
  const { t } = messages;
  const left = spaceLeft(recording, messages);
  const sentences = state === 'failed' && lastError ? messages.error(lastError) : undefined;
  return (
    <OutputSection
      name={name}
      tone={left === '' ? outputTones[state] : 'fair'}
      label={
        state === 'stopped' && bytes === 0
          ? t('window.progress.nothingRecorded')
          : isPaused && state === 'live'
            ? t('window.recording.pausedState')
            : t(`window.progress.recordingStates.${state}`)
      }
      place={[path, ...otherPaths].join(', ')}
      action={action}
    >
      {sentences && (
        <p className="wrap-anywhere">
          <span className="text-live-text">{sentences.message}</span>
          {t('window.sentenceGap')}
          {sentences.remedy}
        </p>
      )}
      {left !== '' && <p className="text-warn">{left}</p>}
      <Facts>
        {durationMs !== undefined && (
          <Fact name={t('window.recording.length')} value={formatShortClock(durationMs)} />
        )}
        <Fact name={t('window.progress.written')} value={formatBytes(bytes, messages)} />
        {frames !== undefined && (
          <Fact name={t('window.progress.frames')} value={formatWhole(frames, messages)} />
        )}
        {space && state === 'live' && (
          <Fact name={t('window.recording.free')} value={formatBytes(space.freeBytes, messages)} />
        )}
      </Facts>
    </OutputSection>
  );
}
