import { useLayoutEffect, useRef } from 'react';
import { AlertRegion } from './features/alerts/alert-region.js';
import { ControlBar } from './features/control-bar/control-bar.js';
import { Header } from './features/header/header.js';
import { Preview } from './features/preview/preview.js';
import { ProfilesPanel } from './features/profiles/profiles-panel.js';
import { ProgressPanel } from './features/progress/progress-panel.js';
import { SoundPanel } from './features/sound/sound-panel.js';
import { SourcesPanel } from './features/sources/sources-panel.js';
import { StatusRegion } from './features/status/status-region.js';
import { StudioContext, useMessages, useStage } from './control/studio-context.js';
import type { Studio } from './control/studio.js';

/** The one screen. */
export function App({ studio }: { studio: Studio }) {
  return (
    <StudioContext value={studio}>
      <div className="grid h-full grid-rows-[auto_minmax(0,1fr)_auto]">
        <Header />
        <div className="grid min-h-0 grid-cols-[minmax(0,1fr)_300px] min-[1100px]:grid-cols-[minmax(0,1fr)_372px]">
          <main className="min-h-0 p-4">
            <div className="@container-[size] flex h-full flex-col gap-3">
              <Preview>
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
      className="space-y-3.5 overflow-y-auto border-l border-line bg-surface px-4 py-3 [scrollbar-width:thin]"
    >
      <ProgressPanel />
      <SourcesPanel />
      <ProfilesPanel />
    </aside>
  );
}
