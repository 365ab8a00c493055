import { describe, expect, it } from 'vitest';
import {
  chooseCamera,
  counterpart,
  effectiveSelection,
  noDevices,
  translateSelection,
  type DeviceLists,
} from './device-selection.js';

const lists: DeviceLists = {
  cameras: [
    { id: 'c1', label: 'HD Webcam (04f2:b6d0)' },
    { id: 'c2', label: 'Capture card' },
  ],
  microphones: [{ id: 'm1', label: 'Yeti' }],
  known: new Map(),
};

describe('effectiveSelection', () => {
  it('takes the test picture and its beep where there is no camera', () => {
    expect(effectiveSelection({ cameraId: '', microphoneId: '' }, noDevices)).toEqual({
      cameraId: 'test-picture',
      microphoneId: 'test-beep',
    });
  });

  it('takes the first devices where nothing was chosen', () => {
    expect(effectiveSelection({ cameraId: '', microphoneId: '' }, lists)).toEqual({
      cameraId: 'c1',
      microphoneId: 'm1',
    });
  });

  it('keeps an unplugged camera rather than grabbing another', () => {
    const known = new Map([['c9', 'Unplugged']]);
    const chosen = { cameraId: 'c9', microphoneId: 'none' };
    expect(effectiveSelection(chosen, { ...lists, known })).toEqual(chosen);
    expect(effectiveSelection(chosen, lists).cameraId).toBe('c1');
  });

  it('keeps what was chosen before where nothing may be used, and never sends a test for it', () => {
    const chosen = { cameraId: 'c1', microphoneId: 'm1' };
    expect(effectiveSelection(chosen, noDevices)).toEqual(chosen);
    const named = { ...chosen, cameraName: 'Webcam', microphoneName: 'Headset' };
    expect(effectiveSelection(named, noDevices)).toEqual(chosen);
    const others = { ...lists, cameras: lists.cameras.slice(1), microphones: [] };
    expect(effectiveSelection(named, others)).toEqual(chosen);
  });

  it('finds by its name what the browser calls by another id', () => {
    const chosen = { cameraId: 'old1', cameraName: 'Capture card', microphoneId: 'none' };
    expect(effectiveSelection(chosen, lists).cameraId).toBe('c2');
    const microphone = { cameraId: 'c1', microphoneId: 'old2', microphoneName: 'Yeti' };
    expect(effectiveSelection(microphone, lists).microphoneId).toBe('m1');
    // Another of the same make is not the one that was here and is gone.
    const gone = { ...lists, known: new Map([['old1', 'Capture card']]) };
    expect(effectiveSelection(chosen, gone).cameraId).toBe('old1');
  });
});

describe('chooseCamera', () => {
  const camera = { cameraId: 'c1', microphoneId: 'm1' };
  const test = { cameraId: 'test-picture', microphoneId: 'test-beep' };

  it('brings the beep with the test picture and sends it away with a camera', () => {
    expect(chooseCamera('test-picture', camera, lists.microphones, undefined)).toEqual(test);
    expect(chooseCamera('c2', test, lists.microphones, undefined)).toEqual({
      cameraId: 'c2',
      microphoneId: 'm1',
    });
    expect(chooseCamera('c2', test, [], undefined).microphoneId).toBe('none');
  });

  it('has the microphone back that was there before the beep, and not the first', () => {
    expect(chooseCamera('c1', test, lists.microphones, 'm2').microphoneId).toBe('m2');
    expect(chooseCamera('c1', test, lists.microphones, 'none').microphoneId).toBe('none');
  });

  it('leaves a chosen sound alone', () => {
    for (const microphoneId of ['none', 'm2', 'test-beep']) {
      const before = { cameraId: 'c1', microphoneId };
      expect(chooseCamera('c2', before, lists.microphones, 'm1').microphoneId).toBe(microphoneId);
    }
  });
});

describe('the same device in two lists', () => {
  const engine: DeviceLists = {
    cameras: [
      { id: '/dev/video2', label: 'Capture card' },
      { id: '/dev/video0', label: 'HD Webcam: HD Webcam' },
    ],
    microphones: [{ id: 'hw:1,0', label: 'Yeti [USB]' }],
    known: new Map(),
  };

  it('is found by its name', () => {
    expect(counterpart('HD Webcam (04f2:b6d0)', engine.cameras)?.id).toBe('/dev/video0');
    expect(counterpart('Something else', engine.cameras)).toBeUndefined();
  });

  it('is translated with the reserved ids as they are', () => {
    expect(
      translateSelection({ cameraId: 'c2', microphoneId: 'test-beep' }, lists, engine),
    ).toEqual({ cameraId: '/dev/video2', microphoneId: 'test-beep' });
  });

  it('stays chosen where the other list has it not, and is there again on the way back', () => {
    const chosen = { cameraId: 'c1', microphoneId: 'm1' };
    const there = translateSelection(chosen, lists, { ...engine, cameras: [] });
    expect(there).toEqual({ cameraId: 'c1', microphoneId: 'hw:1,0' });
    expect(translateSelection(there, engine, lists)).toEqual(chosen);
  });
});
