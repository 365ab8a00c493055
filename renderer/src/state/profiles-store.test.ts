import type { ProfileInput } from '@tallylight/contract';
import { parseRtmpUrl } from 'node-rtmp-client/address';
import { beforeEach, describe, expect, it } from 'vitest';
import { addressForms, formsAt } from '../../../test/support/address-forms.js';
import { createAlertsStore } from './alerts-store.js';
import type { EngineClient } from './engine-client.js';
import { completed } from './profile-draft.js';
import { createProfilesStore, type ProfilesStore } from './profiles-store.js';
import { createQuestionsStore, type QuestionsStore } from './questions-store.js';
import type { Ticks } from './ticks.js';

const forms = formsAt({ host: 'host.example', tlsHost: 'host.example', v6: '[2001:db8::1]' });

describe('the editor of a profile', () => {
  let store: ProfilesStore;
  let saved: ProfileInput[];
  let questions: QuestionsStore;

  beforeEach(() => {
    saved = [];
    const profiles = {
      save: (input: ProfileInput) => {
        saved.push(input);
        return Promise.resolve({ id: 'p' });
      },
      list: () => Promise.resolve([]),
    };
    questions = createQuestionsStore();
    store = createProfilesStore(
      { profiles } as unknown as EngineClient,
      { addSaved: () => undefined } as unknown as Ticks,
      createAlertsStore(),
      questions,
      [],
    );
    void store.getState().startNew();
    store.getState().edit({ name: 'One' });
  });

  const draft = () => store.getState().draft;

  // Where a slash ends the URL, the key is still to come.
  it.each(forms.filter(({ name }) => name !== 'a slash too many'))(
    'takes $name from the clipboard: $url',
    async ({ url, app, tcUrl, stream }) => {
      if (!store.getState().pasteUrl(url)) store.getState().edit({ serverUrl: url });
      await store.getState().save();
      const [input] = saved;
      const { serverUrl, streamKey = '', user, password } = input ?? { serverUrl: '' };
      expect(parseRtmpUrl(serverUrl)).toMatchObject({ app, tcUrl });
      expect(streamKey).toBe(stream);
      expect(serverUrl).not.toContain('@');
      const isSigned = url.includes('me:pa%40ss@');
      expect({ user, password }).toEqual(isSigned ? { user: 'me', password: 'pa@ss' } : {});
    },
  );

  it('begins anew with what is known of a server, once what was typed may go', async () => {
    const known = { name: 'Two', serverUrl: 'rtmp://two/live', streamKey: 'show' };
    const begun = store.getState().startNewFrom(known);
    questions.getState().answer('cancel');
    expect(await begun).toBe(false);
    expect(draft()?.name).toBe('One');
    const again = store.getState().startNewFrom(known);
    questions.getState().answer('discard');
    expect(await again).toBe(true);
    expect(draft()).toEqual(known);
    expect(saved).toEqual([]);
  });

  it('saves what the kind of server is known to want besides what was typed, and shows it', async () => {
    store.getState().choosePreset('nginx-rtmp');
    store.getState().edit({ serverUrl: ' 127.0.0.1:30300 ', name: '' });
    expect(await store.getState().save()).toBe(false);
    expect(draft()?.serverUrl).toBe('rtmp://127.0.0.1:30300/live');
    store.getState().edit({ serverUrl: '127.0.0.1/app/secret-key', name: 'One' });
    expect(await store.getState().save()).toBe(true);
    expect(saved).toEqual([
      {
        ...{ name: 'One', serverUrl: 'rtmp://127.0.0.1/app', streamKey: 'secret-key' },
        service: 'nginx-rtmp',
      },
    ]);
  });

  it('saves what was typed of a server of any kind, and of a saved profile', async () => {
    store.getState().edit({ serverUrl: '127.0.0.1:30300' });
    await store.getState().save();
    expect(completed({ id: 'p', name: 'One', serverUrl: '127.0.0.1' }, 'wowza').serverUrl).toBe(
      '127.0.0.1',
    );
    expect(saved[0]?.serverUrl).toBe('127.0.0.1:30300');
  });

  it('knows at least 40 of them', () => {
    expect(addressForms.length).toBeGreaterThanOrEqual(40);
  });

  it('puts a pasted URL back into one field', () => {
    store.getState().edit({ streamKey: 'before' });
    store.getState().pasteUrl('rtmp://host/app/inst');
    expect(draft()).toMatchObject({ serverUrl: 'rtmp://host/app', streamKey: 'inst' });
    store.getState().joinUrl();
    expect(draft()).toMatchObject({ serverUrl: 'rtmp://host/app/inst', streamKey: 'before' });
    expect(store.getState().pasted).toBeUndefined();
  });

  it('leaves a pasted server, and what is no URL, to the field', () => {
    for (const text of ['rtmp://host/app', 'rtmp://host/app/', 'host/app/key', 'a key']) {
      expect(store.getState().pasteUrl(text)).toBe(false);
    }
  });

  it('tells apart a whole URL in the field of the key, and a typed one when asked', () => {
    store.getState().edit({ serverUrl: 'rtmp://other/app' });
    const before = { ...draft() };
    store.getState().edit({ streamKey: 'rtmp://host/app/key?a=b' });
    expect(draft()).toMatchObject({ serverUrl: 'rtmp://host/app', streamKey: 'key?a=b' });
    // Another server's URL has gone for it, which must be seen.
    expect(store.getState().pasted).toMatchObject({ field: 'streamKey' });
    store.getState().joinUrl();
    expect(draft()).toMatchObject({ serverUrl: before.serverUrl, streamKey: before.streamKey });
    expect(store.getState().pasted).toBeUndefined();
    store.getState().edit({ streamKey: 'rtmp://host/app/key?a=b' });
    expect(draft()).toMatchObject({ serverUrl: 'rtmp://host/app', streamKey: 'key?a=b' });
    store.getState().edit({ serverUrl: 'rtmp://host/live/MYSECRETKEY' });
    expect(store.getState().pasted).toBeUndefined();
    store.getState().splitUrl();
    expect(draft()).toMatchObject({ serverUrl: 'rtmp://host/live', streamKey: 'MYSECRETKEY' });
  });

  it('takes the end of a typed URL for the key when it is saved without one, and gives it back', async () => {
    const { edit, save, joinUrl } = store.getState();
    edit({ serverUrl: 'rtmp://host/live/mykey' });
    await save();
    expect(saved[0]).toMatchObject({ serverUrl: 'rtmp://host/live', streamKey: 'mykey' });
    expect(store.getState()).toMatchObject({
      saved: true,
      pasted: { text: 'rtmp://host/live/mykey' },
    });

    joinUrl();
    expect(draft()).toMatchObject({ id: 'p', serverUrl: 'rtmp://host/live/mykey', streamKey: '' });
    await save();
    expect(saved[1]).toMatchObject({ id: 'p', serverUrl: 'rtmp://host/live/mykey', streamKey: '' });
  });

  it.each([
    { serverUrl: 'rtmp://host/app/inst', streamKey: 'key' },
    { serverUrl: 'rtmp://host/app/', streamKey: '' },
    { serverUrl: 'rtmp://host/app/inst/', streamKey: '' },
    { serverUrl: 'rtmp://host/app?token=1', streamKey: '' },
  ])('saves $serverUrl with the key "$streamKey" as it is', async (typed) => {
    store.getState().edit(typed);
    await store.getState().save();
    expect(saved[0]).toMatchObject(typed);
    expect(store.getState().pasted).toBeUndefined();
  });

  it.each([
    { streamKey: 'k'.repeat(1025), field: 'streamKey' },
    { serverUrl: `rtmp://host/${'a'.repeat(2048)}`, field: 'serverUrl' },
  ])('refuses what is too long beside its field, and cuts nothing: $field', async (typed) => {
    const { field, ...patch } = typed;
    store.getState().edit({ serverUrl: 'rtmp://host/app', streamKey: 'key', ...patch });
    expect(draft()).toMatchObject(patch);
    expect(await store.getState().save()).toBe(false);
    expect(saved).toEqual([]);
    const error = { code: 'PROFILE_VALUE_TOO_LONG' };
    expect(store.getState().problems).toMatchObject([{ field, error }]);
  });

  it('takes a key out of the URL that was typed in both fields', async () => {
    store.getState().edit({ serverUrl: 'rtmp://host/app/abc', streamKey: 'abc' });
    await store.getState().save();
    expect(saved[0]).toMatchObject({ serverUrl: 'rtmp://host/app', streamKey: 'abc' });
  });

  it('leaves in the URL what was put back there before saving', async () => {
    store.getState().pasteUrl('rtmp://host/app/inst');
    store.getState().joinUrl();
    await store.getState().save();
    expect(saved[0]).toMatchObject({ serverUrl: 'rtmp://host/app/inst', streamKey: '' });
  });
});
