import { useEffect, useRef } from 'react';
import type { WindowMessages } from '@tallylight/messages/window';
import { useMessages } from '../../control/studio-context.js';
import { formatDecibels } from '../../state/number-format.js';
import {
  advanceMeter,
  meterFloorDb,
  meterPercent,
  meterZone,
  restingMeter,
} from './meter-ballistics.js';

const scale = [-60, -50, -40, -30, -20, -9, 0];
/** Those that are left where there is no room for all. */
const landmarks = new Set([-60, -40, -20, -9, 0]);
/** Milliseconds of rest between two drawings. Where the processor draws, sixty a second took half a core from the encoder. */
const drawMs = 33;
/** The figure costs more than the bar, and nobody can read it that fast; but a bar that jumps takes it along. */
const figureMs = 100;
const jumpDb = 3;
const calmMs = 200;
const unknownLevel = '– dB';
/** Screen readers may read out every change of the value. */
const ariaMs = 1000;

/**
 * Draws past React, some twenty times a second: nothing else in the window needs to know.
 *
 * @param peakDb tells how loud it is right now, in dBFS; the same function as long as the sound is the same, and
 * undefined while there is none to measure.
 */
export function LevelMeter({ peakDb }: { peakDb: (() => number) | undefined }) {
  const messages = useMessages();
  const bar = useRef<HTMLDivElement>(null);
  const number = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!bar.current || !number.current) return;
    return drawLevel(bar.current, number.current, peakDb, messages);
  }, [peakDb, messages]);
  return (
    <>
      <div className="@container min-w-0 [grid-area:meter]">
        <div
          ref={bar}
          role="meter"
          aria-label={messages.t('window.sound.level')}
          aria-valuemin={meterFloorDb}
          aria-valuemax={0}
          aria-valuenow={meterFloorDb}
          aria-valuetext={messages.t('window.sound.unknownLevel')}
          className={`meter ${peakDb ? '' : 'opacity-50'}`}
        >
          <div className="meter-level" />
          <div className="meter-hold" />
        </div>
        <div aria-hidden className="numbers relative mt-1 h-3.5 text-[11px] text-muted">
          {scale.map((decibels) => (
            <span
              key={decibels}
              className={`absolute -translate-x-1/2 first:translate-x-0 last:-translate-x-full ${landmarks.has(decibels) ? '' : '@max-[260px]:hidden'}`}
              style={{ left: `${meterPercent(decibels)}%` }}
            >
              {decibels === 0 ? '0' : `−${-decibels}`}
            </span>
          ))}
        </div>
      </div>
      <span
        ref={number}
        aria-hidden
        className="numbers text-right font-medium whitespace-nowrap [grid-area:level]"
      >
        {unknownLevel}
      </span>
    </>
  );
}

function drawLevel(
  bar: HTMLElement,
  number: HTMLElement,
  peakDb: (() => number) | undefined,
  { t }: WindowMessages,
): () => void {
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  if (!peakDb) {
    for (const name of ['--level', '--hold']) bar.style.setProperty(name, '0%');
    number.textContent = unknownLevel;
    bar.setAttribute('aria-valuenow', String(meterFloorDb));
    bar.setAttribute('aria-valuetext', t('window.sound.unknownLevel'));
    return () => undefined;
  }
  let reading = restingMeter;
  let drawnAt = performance.now();
  let figureAt = 0;
  let figureDb = meterFloorDb;
  let ariaAt = 0;
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  // A frame that is asked for is made, even if nothing is drawn in it.
  const wait = (): void => {
    // Less motion: the meter still tells the level, in steps instead of a dance.
    timer = setTimeout(() => (frame = requestAnimationFrame(draw)), calm.matches ? calmMs : drawMs);
  };
  const draw = (now: number): void => {
    wait();
    reading = advanceMeter(reading, peakDb(), now, now - drawnAt);
    drawnAt = now;
    bar.style.setProperty('--level', `${meterPercent(reading.levelDb).toFixed(2)}%`);
    bar.style.setProperty('--hold', `${meterPercent(reading.holdDb).toFixed(2)}%`);
    if (now - figureAt >= figureMs || reading.levelDb > figureDb + jumpDb) {
      figureAt = now;
      figureDb = reading.levelDb;
      number.textContent = formatDecibels(reading.levelDb);
    }
    if (now - ariaAt >= ariaMs) {
      ariaAt = now;
      bar.setAttribute('aria-valuenow', reading.levelDb.toFixed(0));
      bar.setAttribute(
        'aria-valuetext',
        `${formatDecibels(reading.levelDb)}, ${t(`window.sound.zones.${meterZone(reading.levelDb)}`)}`,
      );
    }
  };
  wait();
  return () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  };
}
