import { builtInProfileId, type BroadcastSnapshot, type Profile } from '@tallylight/contract';
import { expect, it } from 'vitest';
import { destination, snapshot } from '../../test/snapshots.js';
import { goingTo, type GoingToInput } from './going-to.js';
import { windowMessages } from './messages-store.js';

const en = windowMessages('en');
const nginx: Profile = {
  ...{ id: 'nginx', name: 'nginx', serverUrl: 'rtmp://a/live', shownUrl: 'rtmp://a/live' },
  ...{ hasPassword: false, hasKey: true, kind: 'rtmp' },
};
const chosen: GoingToInput = {
  stage: 'off-air',
  snapshot: snapshot({ state: 'idle' }),
  targets: [{ profile: nginx, draft: undefined, problem: undefined }],
};
const builtIn = destination({ id: builtInProfileId, name: 'x' });
const elsewhere = { ...chosen, snapshot: snapshot({ outputs: [builtIn] }) };

it('names where the broadcast goes, whatever this window has chosen', () => {
  for (const stage of ['connecting', 'live', 'reconnecting', 'stopping', 'ending'] as const) {
    for (const given of [{}, { targets: [] }]) {
      expect(goingTo({ ...elsewhere, ...given, stage }, en)).toBe('Built-in server');
    }
  }
  expect(goingTo({ ...elsewhere, stage: 'live' }, windowMessages('zh-CN'))).toBe('内置服务器');
  const outputs = [builtIn, destination({ id: 'nginx', name: 'nginx' })];
  const both = { ...chosen, stage: 'live', snapshot: snapshot({ outputs }) } as const;
  expect(goingTo(both, en)).toBe('Built-in server and nginx');
  // One that was ended alone is gone to no more; at the end all are ended.
  const stopped = outputs.map((output) => ({ ...output, state: 'stopped' as const }));
  const [first, second] = stopped;
  if (!first || !second) throw new Error('two');
  const one = { ...both, snapshot: snapshot({ outputs: [first, { ...second, state: 'live' }] }) };
  expect(goingTo(one, en)).toBe('nginx');
  const over = { ...both, stage: 'stopping', snapshot: snapshot({ outputs: stopped }) } as const;
  expect(goingTo(over, en)).toBe('Built-in server and nginx');
});

it('names nothing while it is only recorded, whatever failed in the show before', () => {
  const outputs: BroadcastSnapshot['outputs'] = [
    destination({ state: 'stopped' }),
    destination({ id: 'kick', name: 'Kick', state: 'failed' }),
  ];
  const after = { ...chosen, snapshot: snapshot({ state: 'recording', outputs }) };
  expect(goingTo({ ...after, stage: 'recording' }, en)).toBeUndefined();
});

it('names what is chosen off air, and from the click on until the broadcast tells', () => {
  // How the last one went is no news of the next.
  expect(goingTo(elsewhere, en)).toBe('nginx');
  expect(goingTo({ ...chosen, stage: 'connecting' }, en)).toBe('nginx');
  const draft = { name: ' ', serverUrl: '', streamKey: '' };
  const isNew = { profile: undefined, draft, problem: undefined };
  expect(goingTo({ ...chosen, targets: [isNew] }, en)).toBe('New, not saved yet');
  const both = [...chosen.targets, isNew];
  expect(goingTo({ ...chosen, targets: both }, en)).toBe('nginx and New, not saved yet');
  expect(goingTo({ ...chosen, targets: [] }, en)).toBeUndefined();
});
