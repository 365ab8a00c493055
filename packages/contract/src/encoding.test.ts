import { describe, expect, it } from 'vitest';
import { encodingFields, encodingSchema } from './encoding.js';
import { settingsSchema } from './settings.js';

const valid = {
  width: 1280,
  height: 720,
  fps: 30,
  videoBitrate: 2_500_000,
  audioBitrate: 128_000,
};
const encodes = (fields: object): boolean =>
  encodingSchema.safeParse({ ...valid, keyframeInterval: 2, ...fields }).success;
const isSetting = (fields: object): boolean => settingsSchema.partial().safeParse(fields).success;

describe('the limits of encoding', () => {
  it.each(Object.keys(encodingFields))('are the same for the settings: %s', (field) => {
    const values = [-1, 0, 1, 15, 16, 17, 30.5, 721, 4320, 7680, 7682, 64_001, 5e7, 1e9];
    for (const value of values) {
      expect(isSetting({ [field]: value }), `${value}`).toBe(encodes({ [field]: value }));
    }
  });

  it('allow even sizes only', () => {
    expect(encodes({ width: 1278 })).toBe(true);
    expect(encodes({ width: 1279 })).toBe(false);
    expect(encodes({ height: 721 })).toBe(false);
  });
});
