import { describeError } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { alertFromError, createAlertsStore } from './alerts-store.js';

const lost = {
  ...alertFromError('broadcast', 'brokeOff', describeError('CONNECTION_LOST')),
  cause: 'broadcast 1',
};

describe('alerts', () => {
  it('that were closed are not shown again after a reload, but news of the same kind is', () => {
    const closed = new Set<string>();
    const before = createAlertsStore(closed).getState;
    before().show(lost);
    before().close('broadcast');
    expect(before().alerts).toEqual([]);

    const after = createAlertsStore(closed).getState;
    after().show(lost);
    expect(after().alerts).toEqual([]);
    after().show({ ...lost, cause: 'broadcast 2' });
    expect(after().alerts).toHaveLength(1);
  });

  it('say once that the engine is gone, and as it was said first', () => {
    const { getState } = createAlertsStore();
    const gone = describeError('ENGINE_GONE');
    getState().show({ topic: 'connection', title: 'brokeOff', error: gone });
    getState().show(alertFromError('settings', 'choiceNotSaved', gone));
    expect(getState().alerts).toMatchObject([{ topic: 'connection', title: 'brokeOff' }]);
  });

  it('that went because they were mended are shown again', () => {
    const { getState } = createAlertsStore();
    getState().show(lost);
    getState().dismiss('broadcast');
    getState().show(lost);
    expect(getState().alerts).toEqual([lost]);
  });
});
