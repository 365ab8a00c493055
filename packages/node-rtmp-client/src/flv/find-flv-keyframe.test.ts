import { describe, expect, it } from 'vitest';
import { findFlvKeyframe } from './find-flv-keyframe.js';

// As ffmpeg -flvflags add_keyframe_index and others write it.
const index = { times: [0, 2, 4.04], filepositions: [600, 10_000, 20_000] };

describe('findFlvKeyframe', () => {
  it.each([
    { timestamp: 0, position: 600 },
    { timestamp: 1_999_999, position: 600 },
    { timestamp: 2_000_000, position: 10_000 },
    { timestamp: 99_000_000, position: 20_000 },
    { timestamp: -5, position: 600 },
  ])('goes to $position for $timestamp µs', ({ timestamp, position }) => {
    expect(findFlvKeyframe({ keyframes: index }, timestamp)).toMatchObject({ position });
  });

  it('tells the time of the keyframe', () => {
    expect(findFlvKeyframe({ keyframes: index }, 5e6)?.timestamp).toBe(4_040_000);
  });

  it.each([
    {},
    { keyframes: 3 },
    { keyframes: { times: [0] } },
    { keyframes: { times: [0, 1], filepositions: [1] } },
    { keyframes: { times: [], filepositions: [] } },
    { keyframes: { times: ['0'], filepositions: [13] } },
    { keyframes: { times: [0], filepositions: [-13] } },
    { keyframes: { times: [NaN], filepositions: [13] } },
  ])('finds nothing in %j', (metadata) => {
    expect(findFlvKeyframe(metadata, 0)).toBeUndefined();
  });
});
