import type { MediaLaneWriter } from '@tallylight/contract';
import type { Capture } from './capture.js';
import type { CaptureOptions, RunningEngine } from './media-engine.js';

export async function startMediaRecorderEngine(
  capture: Capture,
  options: CaptureOptions,
  lane: MediaLaneWriter,
): Promise<RunningEngine> {
  throw new Error('not written yet');
}
