import { expect, test } from 'vitest';
import { activeMs, SegmentViewers, type SegmentRequest } from './segment-viewers.js';

const asked = (more: Partial<SegmentRequest>): SegmentRequest => ({
  ...{ address: '192.0.2.1', userAgent: 'player', protocol: undefined, isPreview: false },
  ...more,
});

test('a viewer is an address and a program, plays as its playlist or manifest says, and is gone when it asks no more', () => {
  const viewers = new SegmentViewers();
  expect(viewers.see('one', asked({ protocol: 'dash' }), 0)).toBe('dash');
  expect(viewers.see('one', asked({}), 1)).toBe('dash');
  viewers.see('one', asked({ protocol: 'hls', userAgent: 'other' }), 2);
  viewers.see('one', asked({ protocol: 'hls', address: '192.0.2.2' }), 3);
  viewers.see('two', asked({ protocol: 'hls' }), 4);
  expect([...viewers.count(5)]).toEqual([
    ['one', { hls: 2, dash: 1 }],
    ['two', { hls: 1, dash: 0 }],
  ]);
  viewers.see('one', asked({}), activeMs);
  expect(viewers.count(activeMs + 4).get('one')).toEqual({ hls: 0, dash: 1 });
  expect(viewers.count(2 * activeMs + 1).size).toBe(0);
});

test('the picture of a list is no viewer', () => {
  const viewers = new SegmentViewers();
  expect(viewers.see('one', asked({ protocol: 'hls', isPreview: true }), 0)).toBe('hls');
  expect(viewers.count(0).size).toBe(0);
});

test('however many come, what is remembered of them is bounded, and the newest are kept', () => {
  const viewers = new SegmentViewers();
  for (let number = 0; number < 10_500; number += 1)
    viewers.see('one', asked({ address: `${number}`, protocol: 'hls' }), number / 1000);
  expect(viewers.count(11).get('one')).toEqual({ hls: 10_000, dash: 0 });
});
