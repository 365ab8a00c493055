/** What the meter shows, in dBFS. */
export interface MeterReading {
  readonly levelDb: number;
  readonly holdDb: number;
  /** Milliseconds, on the clock that `advanceMeter` is given. */
  readonly heldAt: number;
}

export const meterFloorDb = -60;
const fallDbPerSecond = 24;
const holdMs = 2000;

export const restingMeter: MeterReading = {
  levelDb: meterFloorDb,
  holdDb: meterFloorDb,
  heldAt: 0,
};

/** Rises at once, falls slowly; the highest peak stays for two seconds, then falls too. */
export function advanceMeter(
  before: MeterReading,
  peakDb: number,
  now: number,
  elapsedMs: number,
): MeterReading {
  const fall = (fallDbPerSecond * elapsedMs) / 1000;
  const peak = Math.min(0, Math.max(meterFloorDb, peakDb));
  const levelDb = Math.max(peak, before.levelDb - fall, meterFloorDb);
  if (levelDb >= before.holdDb) return { levelDb, holdDb: levelDb, heldAt: now };
  if (now - before.heldAt < holdMs) return { ...before, levelDb };
  return { levelDb, holdDb: Math.max(levelDb, before.holdDb - fall), heldAt: before.heldAt };
}

/** Where `decibels` lies on the scale, 0 to 100. */
export const meterPercent = (decibels: number): number =>
  Math.min(100, Math.max(0, ((decibels - meterFloorDb) / -meterFloorDb) * 100));

/** The zone in words, for those who do not see its colour. */
export function meterZone(decibels: number): 'silent' | 'good' | 'loud' | 'tooLoud' {
  if (decibels <= meterFloorDb) return 'silent';
  if (decibels < -20) return 'good';
  return decibels < -9 ? 'loud' : 'tooLoud';
}
