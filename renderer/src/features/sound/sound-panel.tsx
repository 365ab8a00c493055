import { noMicrophoneId, testBeepId } from '@tallylight/contract';
import { Mic, MicOff } from 'lucide-react';
import { useStore } from 'zustand';
import type { WindowMessages } from '@tallylight/messages/window';
import { useMessages, useStage, useStudio } from '../../control/studio-context.js';
import type { CaptureState } from '../../control/capture-controller.js';
import type { EnginePreview } from '../../control/engine-preview.js';
import type { Selection } from '../../state/device-selection.js';
import { areFilesChosen, currentSelection, isStreamChosen } from '../../state/source-selection.js';
import { isRunning } from '../../state/stage.js';
import { LevelMeter } from './level-meter.js';

/** How loud it is, under the picture: in one line, or larger where the window leaves room. */
export function SoundPanel() {
  const messages = useMessages();
  const { t } = messages;
  const { broadcast, capture, devices, enginePreview, settings, streamInput } = useStudio();
  const state = useStore(capture.store);
  const chosen = useStore(settings, (now) => now.settings);
  const selection = currentSelection(chosen, useStore(devices));
  const isPublished = useStore(streamInput, (now) => now.isPublished);
  const isSent = useStore(broadcast, ({ snapshot }) => snapshot.capturedBy === 'files');
  const isOn = isRunning(useStage()) && isSent;
  const [name, peakDb] = ((): [string, (() => number) | undefined] => {
    if (state.type !== 'lent') {
      if (areFilesChosen(chosen))
        return [t('window.sound.ofFiles'), isOn ? enginePreview.peakDb : undefined];
      if (isStreamChosen(chosen))
        return [t('window.sound.ofStream'), isPublished ? enginePreview.peakDb : undefined];
    }
    return [soundName(state, selection, messages), soundLevel(state, enginePreview)];
  })();
  const Icon = peakDb ? Mic : MicOff;
  return (
    <section
      aria-label={t('window.sound.title')}
      className="sound-panel min-h-14 flex-1 rounded-xl border border-line bg-surface px-4"
    >
      <div className="sound-layout">
        <p className="flex min-w-0 items-center gap-2 [grid-area:name]">
          <Icon aria-hidden size={16} className="flex-none text-muted" />
          <span className="truncate" title={name}>
            {name}
          </span>
        </p>
        <LevelMeter peakDb={peakDb} />
      </div>
    </section>
  );
}

/** What tells how loud it is, wherever the sound is; undefined when there is none. */
function soundLevel(state: CaptureState, enginePreview: EnginePreview): (() => number) | undefined {
  switch (state.type) {
    case 'open':
      return state.capture.hasAudio ? state.capture.peakDb : undefined;
    case 'lent':
      return state.options?.microphoneId === noMicrophoneId ? undefined : enginePreview.peakDb;
    case 'opening':
    case 'closed':
    case 'failed':
      return undefined;
  }
}

function soundName(
  state: CaptureState,
  selection: Selection | undefined,
  { t }: WindowMessages,
): string {
  switch (state.type) {
    case 'open':
      if (state.options.microphoneId === noMicrophoneId) return t('window.sound.none');
      if (state.options.microphoneId === testBeepId) return t('window.sound.beep');
      return state.capture.microphoneLabel || t('window.sound.title');
    case 'lent':
      return state.options?.microphoneId === noMicrophoneId
        ? t('window.sound.none')
        : t('window.sound.ffmpegHasIt');
    case 'opening':
    case 'closed':
    case 'failed':
      // There may be one all the same, and it is opened together with the camera.
      return t(
        selection?.microphoneId === noMicrophoneId ? 'window.sound.none' : 'window.sound.notOpen',
      );
  }
}
