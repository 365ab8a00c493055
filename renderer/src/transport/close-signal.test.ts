import { describe, expect, it, vi } from 'vitest';
import { closeSignal } from './close-signal.js';

describe('closeSignal', () => {
  it('tells each listener once', () => {
    const { close, onClosed } = closeSignal();
    const listener = vi.fn();
    onClosed(listener);
    close();
    close();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('tells a late listener too', async () => {
    const { close, onClosed } = closeSignal();
    close();
    await new Promise<void>((resolve) => onClosed(resolve));
  });

  it('does not tell who has stopped listening', () => {
    const { close, onClosed } = closeSignal();
    const listener = vi.fn();
    onClosed(listener)();
    close();
    expect(listener).not.toHaveBeenCalled();
  });
});
