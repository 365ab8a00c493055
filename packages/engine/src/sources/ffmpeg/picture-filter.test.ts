import { expect, it } from 'vitest';
import { pictureFilter } from './picture-filter.js';

const encoding = {
  ...{ width: 1280, height: 720, fps: 30, keyframeInterval: 2 },
  ...{ videoBitrate: 2_500_000, audioBitrate: 128_000 },
};
const plain =
  "fps=30,scale=w='max(2,round(min(1280,720*dar)/2)*2)':h='max(2,round(min(720,1280/dar)/2)*2)'";

it('scales to fit by the shape that is shown, at a constant rate', () => {
  expect(pictureFilter(encoding, 'format=yuv420p')).toBe(
    `${plain},pad=1280:720:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p`,
  );
});

it('makes whole pictures of fields before anything else', () => {
  expect(pictureFilter(encoding, 'format=nv12', { isInterlaced: true })).toMatch(
    /^yadif=deint=interlaced,fps=30,/,
  );
});

it('maps high dynamic range once the picture is small, and before the bars', () => {
  const steps = pictureFilter(encoding, 'format=nv12', { toneMapFrom: 'arib-std-b67' })
    .split(',')
    .map((step) => step.split('=')[0]);
  const at = steps.indexOf('tonemap');
  expect(steps.indexOf('zscale')).toBeLessThan(at);
  expect(steps.indexOf('pad')).toBeGreaterThan(at);
});
