import { useStore } from 'zustand';
import { useReadiness } from '../../control/use-readiness.js';
import {
  useFailureShown,
  useMessages,
  useSnapshot,
  useStage,
  useStudio,
} from '../../control/studio-context.js';
import { monitorFaults } from '../../state/monitor-faults.js';
import { healthSentence, type HealthTone } from '../../state/health-sentence.js';
import { profileUrl } from '../../state/profile-text.js';
import { ScrollBox } from '../../ui/scroll-box.js';
import { StatusMark } from '../../ui/status-mark.js';

const colours: Record<HealthTone, string> = {
  neutral: 'text-text',
  good: 'text-ok',
  fair: 'text-warn',
  poor: 'text-live-text',
  busy: 'text-warn',
};

/** @param id by which the button is described. */
export function HealthLine({ id }: { readonly id: string }) {
  const { connection, monitor, settings: settingsStore, system } = useStudio();
  const { outputId, verdict } = useStore(monitor.store);
  const lost = useStore(connection, (state) => state.lost);
  const failureShown = useFailureShown();
  const stage = useStage();
  const snapshot = useSnapshot();
  const settings = useStore(settingsStore, (state) => state.settings);
  const ready = useReadiness();
  const messages = useMessages();
  // A long URL is shortened in the sentence, which names it off air.
  const [only, another] = ready.targets;
  const fullUrl =
    stage === 'off-air' && only?.profile && !another
      ? profileUrl(only.profile, messages)
      : undefined;
  const { tone, word, text, detail } = healthSentence({
    stage,
    snapshot,
    lost,
    shell: system.shell,
    failureShown,
    ready,
    wanted: snapshot.wanted ?? settings,
    messages,
    ...(outputId !== undefined && { seen: { outputId, faults: monitorFaults(verdict) } }),
  });
  return (
    <div className="flex max-h-full min-w-0 flex-[1_1_200px] flex-col">
      {/* A sentence that is long for a while must not move the picture. */}
      <ScrollBox>
        <div id={id} className="flex items-start gap-2.5">
          <span className="mt-px w-4.25 flex-none">
            {tone !== 'neutral' && <StatusMark tone={tone} size={17} />}
          </span>
          <div className="min-w-0">
            <p className="health-text wrap-anywhere">
              <strong className={`font-bold ${colours[tone]}`}>{word}</strong>
              {text && messages.t('window.sentenceGap')}
              {text}
            </p>
            <p className="health-detail text-xs wrap-anywhere text-muted" title={fullUrl}>
              {detail}
            </p>
          </div>
        </div>
      </ScrollBox>
    </div>
  );
}
