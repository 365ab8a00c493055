import { describe, expect, it } from 'vitest';
import { isPulse, pulseStart } from './pulse.js';

describe('pulse', () => {
  it.each([24, 25, 30, 50, 60])('starts on the full second at %i fps', (fps) => {
    for (let second = 0; second < 100; second++)
      expect(pulseStart(second, fps)).toBeCloseTo(second, 9);
  });

  it('starts with the first frame after the second where no frame falls on it', () => {
    const fps = 30_000 / 1001;
    const start = pulseStart(10, fps);
    expect(start).toBeGreaterThanOrEqual(10);
    expect(start - 10).toBeLessThan(1 / fps);
    expect(start * fps).toBeCloseTo(Math.round(start * fps), 6);
  });

  it.each([24, 25, 30, 30_000 / 1001, 60])('is seen in a tenth of the frames at %f fps', (fps) => {
    const frames = Math.round(fps * 10);
    const seen = Array.from({ length: frames }, (_, index) => isPulse(index / fps, fps));
    expect(seen.filter(Boolean).length / frames).toBeCloseTo(0.1, 1);
    expect(seen[0]).toBe(true);
  });
});
