import { useLayoutEffect, useRef } from 'react';
import { AlertRegion } from './features/alerts/alert-region.js';
import { ControlBar } from './features/control-bar/control-bar.js';
import { CheckDialog } from './features/profiles/check-dialog.js';
import { DestinationsPanel } from './features/profiles/destinations-panel.js';
import { Header } from './features/header/header.js';
import { Preview } from './features/preview/preview.js';
import { ProgressPanel } from './features/progress/progress-panel.js';
import { QuestionDialog } from './features/questions/question-dialog.js';
import { RecordingsPanel } from './features/recordings/recordings-panel.js';
import { ReplaySavedBanner } from './features/recordings/replay-saved-banner.js';
import { SafetyPanel } from './features/safety/safety-panel.js';
import { useKeptFocus } from './ui/use-kept-focus.js';
import { ServerConfigDialog } from './features/server-config/server-config-dialog.js';
import { ServerPanel } from './features/server/server-panel.js';
import { SoundPanel } from './features/sound/sound-panel.js';
import { SourcesPanel } from './features/sources/sources-panel.js';
import { StatusRegion } from './features/status/status-region.js';
import { StudioContext, useMessages, useStage } from './control/studio-context.js';
import type { Studio } from './control/studio.js';

/** The one screen. */
export function App({ studio }: { studio: Studio }) {
  useKeptFocus();
  return (
    <StudioContext value={studio}>
      <div className="window">
        <Header />
        <div className="window-columns">
          <main className="min-h-0 p-4">
            <div className="program">
              <Preview>
                <ReplaySavedBanner />
                <AlertRegion />
              </Preview>
              <SoundPanel />
            </div>
          </main>
          <Choices />
        </div>
        <ControlBar />
      </div>
      <StatusRegion />
      <ServerConfigDialog />
      <CheckDialog />
      <QuestionDialog />
    </StudioContext>
  );
}

/** The right column. How it goes comes first, so a change of that is a reason to go back to the top. */
function Choices() {
  const { t } = useMessages();
  const stage = useStage();
  const column = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    column.current?.scrollTo({ top: 0 });
  }, [stage]);
  return (
    <aside
      ref={column}
      aria-label={t('window.choices')}
      className="choices space-y-3.5 border-line bg-surface px-4 pt-3 pb-6"
    >
      <ProgressPanel />
      <DestinationsPanel />
      <SourcesPanel />
      <RecordingsPanel />
      <SafetyPanel />
      <ServerPanel />
    </aside>
  );
}
