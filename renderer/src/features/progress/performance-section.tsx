import type { ProgramLoad, Statistics } from '@tallylight/contract';
import { ChartLine } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useMessages, useSnapshot, useStudio } from '../../control/studio-context.js';
import { wantedBitrate } from '../../state/broadcast-figures.js';
import {
  formatCores,
  formatKilobits,
  formatMemory,
  formatSpeed,
  formatWhole,
} from '../../state/number-format.js';
import { loadScope } from '../../state/load-scope.js';
import { Button } from '../../ui/button.js';
import { Section } from '../../ui/section.js';
import { GraphsDialog } from './graphs-dialog.js';
import { Fact, Facts } from './output-section.js';

/** What is not measured has no figure. */
const unknown = '–';

/** How this computer keeps up, and the way to the graphs of it all. */
export function PerformanceSection() {
  const messages = useMessages();
  const { t } = messages;
  const snapshot = useSnapshot();
  const { statistics, program } = snapshot;
  const wanted = wantedBitrate(snapshot);
  const { history } = useStore(useStudio().broadcast);
  const [isOpen, setOpen] = useState(false);
  if (!statistics) return undefined;
  return (
    <>
      <Section
        title={t('window.graphs.title')}
        action={
          !history.isEmpty && (
            <Button kind="quiet" aria-haspopup="dialog" onClick={() => setOpen(true)}>
              <ChartLine aria-hidden size={14} />
              {t('window.graphs.open')}
            </Button>
          )
        }
      >
        <div className="rounded-xl border border-line bg-raised px-3 py-2.5">
          <Facts>
            <Load program={program} />
            <Speed statistics={statistics} />
            <Losses statistics={statistics} />
          </Facts>
          {wanted !== undefined && (
            <p className="numbers mt-1.5 text-[11px] text-muted">
              {t('window.progress.wanted', { kilobits: formatKilobits(wanted, messages) })}
            </p>
          )}
        </div>
      </Section>
      {isOpen && <GraphsDialog onClose={() => setOpen(false)} />}
    </>
  );
}

/** In their places before they are measured, and where the system does not tell them for a while. */
function Load({ program }: { readonly program: ProgramLoad | undefined }) {
  const messages = useMessages();
  const { t } = messages;
  const scope = loadScope(useStudio().system);
  return (
    <>
      <Fact
        name={t(`window.graphs.load.${scope}.cpu`)}
        value={program ? formatCores(program.cpu, messages) : unknown}
        title={t(`window.graphs.load.${scope}.cpuWhy`)}
      />
      <Fact
        name={t(`window.graphs.load.${scope}.memory`)}
        value={program ? formatMemory(program.memoryBytes, messages) : unknown}
        title={t(`window.graphs.load.${scope}.memoryWhy`)}
      />
    </>
  );
}

function Speed({ statistics: { encoderSpeed } }: { readonly statistics: Statistics }) {
  const messages = useMessages();
  const { t } = messages;
  return (
    <Fact
      name={t('window.graphs.speed')}
      value={encoderSpeed === undefined ? unknown : formatSpeed(encoderSpeed, messages)}
      title={t('window.graphs.speedWhy')}
    />
  );
}

/** What no server got, and where it was lost, where the source can tell. */
function Losses({ statistics: { video } }: { readonly statistics: Statistics }) {
  const messages = useMessages();
  const { t } = messages;
  const { lost } = video.account ?? {};
  if (!lost) {
    return (
      <Fact
        name={t('window.graphs.lostBefore')}
        value={formatWhole(video.droppedFrames, messages)}
        title={t('window.graphs.lostBeforeWhy')}
      />
    );
  }
  return (
    <>
      <Fact
        name={t('window.graphs.capture')}
        value={formatWhole(lost.reading + lost.channel, messages)}
        title={t('window.graphs.captureWhy')}
      />
      <Fact
        name={t('window.graphs.encoder')}
        value={formatWhole(lost.encoder, messages)}
        title={t('window.graphs.encoderWhy')}
      />
    </>
  );
}
