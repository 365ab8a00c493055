import { builtInProfileId, type Profile } from '@tallylight/contract';
import { expect, it } from 'vitest';
import { destination, snapshot } from '../../test/snapshots.js';
import { goesElsewhere, goingTo, type GoingToInput } from './going-to.js';
import { windowMessages } from './messages-store.js';

const en = windowMessages('en');
const nginx: Profile = {
  ...{ id: 'nginx', name: 'nginx', serverUrl: 'rtmp://a/live', shownUrl: 'rtmp://a/live' },
  ...{ hasPassword: false, hasKey: true, kind: 'rtmp' },
};
const chosen: GoingToInput = {
  stage: 'off-air',
  snapshot: snapshot({ state: 'idle' }),
  profile: nginx,
  draft: undefined,
};
const builtIn = destination({ id: builtInProfileId, name: 'x' });
const elsewhere = { ...chosen, snapshot: snapshot({ outputs: [builtIn] }) };

it('names where the broadcast goes, whatever this window has chosen', () => {
  const draft = { name: 'Choir', serverUrl: '', streamKey: '' };
  for (const stage of ['connecting', 'live', 'reconnecting', 'stopping', 'ending'] as const) {
    for (const given of [{}, { draft }, { profile: undefined }]) {
      expect(goingTo({ ...elsewhere, ...given, stage }, en)).toBe('Built-in server');
    }
    expect(goesElsewhere({ ...elsewhere, stage })).toBe(true);
  }
  expect(goingTo({ ...elsewhere, stage: 'live' }, windowMessages('zh-CN'))).toBe('内置服务器');
  const outputs = [builtIn, destination({ id: 'nginx', name: 'nginx' })];
  const both = { ...chosen, stage: 'live', snapshot: snapshot({ outputs }) } as const;
  expect(goingTo(both, en)).toBe('Built-in server and nginx');
  expect(goesElsewhere(both)).toBe(false);
});

it('names what is chosen off air, and from the click on until the broadcast tells', () => {
  // How the last one went is no news of the next.
  expect(goingTo(elsewhere, en)).toBe('nginx');
  expect(goingTo({ ...chosen, stage: 'connecting' }, en)).toBe('nginx');
  const draft = { name: ' ', serverUrl: '', streamKey: '' };
  expect(goingTo({ ...chosen, draft }, en)).toBe('New, not saved yet');
  expect(goesElsewhere({ ...elsewhere, stage: 'off-air' })).toBe(false);
});
