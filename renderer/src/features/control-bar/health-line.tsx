import { useStore } from 'zustand';
import { chosenProfile, isDirty } from '../../state/profiles-store.js';
import { useMessages, useSnapshot, useStage, useStudio } from '../../control/studio-context.js';
import { healthSentence, type HealthTone } from '../../state/health-sentence.js';
import { StatusMark } from '../../ui/status-mark.js';

const colours: Record<HealthTone, string> = {
  neutral: 'text-text',
  good: 'text-ok',
  fair: 'text-warn',
  poor: 'text-live-text',
  busy: 'text-warn',
};

export function HealthLine() {
  const { broadcast, capture, connection, profiles, settings: settingsStore } = useStudio();
  const lost = useStore(connection, (state) => state.lost);
  const unsaved = useStore(profiles, (state) => isDirty(state.draft, state.profiles));
  const stage = useStage();
  const snapshot = useSnapshot();
  const health = useStore(broadcast, (state) => state.health);
  const settings = useStore(settingsStore, (state) => state.settings);
  const profile = useStore(profiles, (state) => chosenProfile(state.profiles, settings.profileId));
  const captureError = useStore(capture.store, (state) =>
    state.type === 'failed' ? state.error : undefined,
  );
  const { tone, word, text, detail } = healthSentence({
    stage,
    snapshot,
    health,
    lost,
    unsaved,
    captureError,
    profile,
    videoBitrate: settings.videoBitrate,
    fps: settings.fps,
    messages: useMessages(),
  });
  return (
    <div className="flex min-w-0 flex-1 items-start gap-2.5">
      <span className="mt-px">{tone !== 'neutral' && <StatusMark tone={tone} size={17} />}</span>
      <div className="min-w-0">
        <p className="line-clamp-2">
          <strong className={`font-bold ${colours[tone]}`}>{word}</strong> {text}
        </p>
        <p className="line-clamp-2 text-xs text-muted">{detail}</p>
      </div>
    </div>
  );
}
