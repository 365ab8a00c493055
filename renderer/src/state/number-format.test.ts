import { english } from '../../../test/support/english.js';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatClock,
  formatCores,
  formatDecibels,
  formatElapsed,
  formatKilobits,
  formatMemory,
  formatPercent,
  formatSpeed,
} from './number-format.js';

describe('numbers', () => {
  it.each([
    [formatKilobits(2_503_400, english), '2,503'],
    [formatPercent(0.0124, english), '1.2 %'],
    [formatCores(1.384, english), '138 %'],
    [formatMemory(1_412_300_000, english), '1,412 MB'],
    [formatSpeed(0.996, english), '1.00×'],
    [formatSpeed(0.5, english), '0.50×'],
    [formatPercent(0.000_01, english), '0.1 %'],
    [formatPercent(0, english), '0.0 %'],
    [formatElapsed(24.4, english), '24 ms'],
    [formatElapsed(5656, english), '5.7 s'],
    [formatElapsed(12_345, english), '12.3 s'],
    [formatBytes(812_000, english), '812 kB'],
    [formatBytes(8_140_000, english), '8.1 MB'],
    [formatBytes(2_340_000_000, english), '2.3 GB'],
    [formatClock(754_999), '00:12:34'],
    [formatClock(360_000_000), '100:00:00'],
    [formatClock(-5), '00:00:00'],
    [formatDecibels(-17.44), '−17.4 dB'],
    [formatDecibels(-0.01), '0.0 dB'],
    [formatDecibels(-Infinity), '−∞ dB'],
  ])('%s', (actual, expected) => {
    expect(actual).toBe(expected);
  });
});
