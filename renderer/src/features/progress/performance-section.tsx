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
import { Button } from '../../ui/button.js';
import { Section } from '../../ui/section.js';
import { GraphsDialog } from './graphs-dialog.js';
import { Fact, Facts } from './output-section.js';

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
            {program && <Load program={program} />}
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

function Load({ program: { cpu, memoryBytes } }: { readonly program: ProgramLoad }) {
  const messages = useMessages();
  const { t } = messages;
  return (
    <>
      <Fact
        name={t('window.graphs.figures.cpu')}
        value={formatCores(cpu, messages)}
        title={t('window.graphs.cpuWhy')}
      />
      <Fact
        name={t('window.graphs.figures.memory')}
        value={formatMemory(memoryBytes, messages)}
        title={t('window.graphs.memoryWhy')}
      />
    </>
  );
}

function Speed({ statistics: { encoderSpeed } }: { readonly statistics: Statistics }) {
  const messages = useMessages();
  const { t } = messages;
  return (
    encoderSpeed !== undefined && (
      <Fact
        name={t('window.graphs.figures.speed')}
        value={formatSpeed(encoderSpeed, messages)}
        title={t('window.graphs.speedWhy')}
      />
    )
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
