import { builtInProfileId, describeError, type Profile, type Settings } from '@tallylight/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { createAlertsStore, type AlertsStore } from './alerts-store.js';
import type { EngineClient } from './engine-client.js';
import { createProfilesStore, type ProfilesStore } from './profiles-store.js';
import { createQuestionsStore } from './questions-store.js';
import { createSettingsStore, type SettingsStore } from './settings-store.js';
import { Ticks, tickedProfiles } from './ticks.js';

const builtIn: Profile = {
  ...{ id: builtInProfileId, name: 'Built-in server', serverUrl: 'rtmp://127.0.0.1/live' },
  ...{ shownUrl: 'rtmp://127.0.0.1/live', hasKey: true, hasPassword: false, kind: 'built-in' },
};
const clubId = '6f3a3c1e-0000-4000-8000-000000000000';
const club: Profile = {
  ...{ id: clubId, name: 'Club', serverUrl: 'rtmp://club.example/live' },
  ...{ shownUrl: 'rtmp://club.example/live', hasKey: true, hasPassword: false, kind: 'rtmp' },
};

describe('the profiles of the window', () => {
  let calls: string[];
  let listed: Profile[];
  let alerts: AlertsStore;
  let settings: SettingsStore;
  let store: ProfilesStore;
  const state = () => store.getState();
  const ticked = () =>
    tickedProfiles(state().profiles, settings.getState().settings).map(({ name }) => name);
  const names = () => state().profiles.map(({ name }) => name);

  beforeEach(() => {
    calls = [];
    listed = [builtIn, club];
    const notFound = Object.assign(new Error(), {
      data: describeError('PROFILE_NOT_FOUND', { profile: clubId }),
    });
    const client = {
      settings: { update: () => Promise.resolve() },
      profiles: {
        list: () => Promise.resolve([...listed]),
        remove: ({ id }: { id: string }) => {
          calls.push(`remove ${id}`);
          if (!listed.some((profile) => profile.id === id)) return Promise.reject(notFound);
          listed = listed.filter((profile) => profile.id !== id);
          return Promise.resolve();
        },
        restore: ({ id }: { id: string }) => {
          calls.push(`restore ${id}`);
          listed = [builtIn, club];
          return Promise.resolve();
        },
        forget: ({ id }: { id: string }) => {
          calls.push(`forget ${id}`);
          return Promise.resolve();
        },
        revealKey: () => Promise.reject(notFound),
        save: (input: Profile) => {
          calls.push(`save ${input.name}`);
          const saved: Profile = { ...input, id: 'new', hasKey: true, kind: 'rtmp' };
          listed = [...listed, saved];
          return Promise.resolve(saved);
        },
      },
    } as unknown as EngineClient;
    alerts = createAlertsStore();
    settings = createSettingsStore(
      client,
      { profileIds: [clubId] } as Partial<Settings> as Settings,
      alerts,
    );
    store = createProfilesStore(
      client,
      new Ticks(settings),
      alerts,
      createQuestionsStore(),
      listed,
    );
  });

  it('delete one at once, and bring it back until the time to undo it is over', async () => {
    await state().open(clubId);
    await state().remove();
    expect(names()).toEqual(['Built-in server']);
    expect(ticked()).toEqual([]);
    expect(state().draft).toBeUndefined();
    expect(calls).toEqual([`remove ${clubId}`]);
    // A list from before it.
    state().receive([builtIn, club]);
    expect(names()).toEqual(['Built-in server']);
    await state().restore();
    expect(names()).toEqual(['Built-in server', 'Club']);
    expect(state().draft).toMatchObject({ id: clubId, name: 'Club' });
    expect(ticked()).toEqual(['Club']);
    await state().finishRemoval();

    await state().remove();
    await state().finishRemoval();
    await state().restore();
    const [remove, restore, forget] = ['remove', 'restore', 'forget'].map((c) => `${c} ${clubId}`);
    expect(calls).toEqual([remove, restore, remove, forget]);
    expect(names()).toEqual(['Built-in server']);
  });

  it('give the name of a deleted one away again', async () => {
    await state().open(clubId);
    await state().remove();
    await state().startNew();
    state().edit({ name: 'Club', serverUrl: 'rtmp://club.example/live' });
    expect(await state().save()).toBe(true);
    expect(calls).toEqual([`remove ${clubId}`, 'save Club']);
  });

  it('do not mind that one was deleted elsewhere meanwhile', async () => {
    await state().open(clubId);
    listed = [builtIn];
    await state().remove();
    expect(alerts.getState().alerts).toEqual([]);
    expect(state().removal).toBeUndefined();
  });

  it('are called by their names in errors, also once they are gone', async () => {
    await state().open(clubId);
    await state().revealKey();
    expect(alerts.getState().alerts[0]?.error.data).toEqual({ profile: 'Club' });
    state().receive([builtIn]);
    const error = describeError('PROFILE_NOT_FOUND', { profile: clubId });
    expect(state().withName(error).data).toEqual({ profile: 'Club' });
  });

  it('say that one was deleted elsewhere that is being changed, until what was typed is saved or given up', async () => {
    const told = () => alerts.getState().alerts.map(({ error }) => error);
    await state().open(clubId);
    state().edit({ name: 'Mine' });
    state().receive([builtIn]);
    expect(told()).toMatchObject([
      { code: 'PROFILE_DELETED_ELSEWHERE', data: { profile: 'Club' } },
    ]);
    expect(state().draft).toMatchObject({ name: 'Mine', streamKey: '' });
    state().edit({ streamKey: 'live_1' });
    expect(told()).toHaveLength(1);
    await state().save();
    expect(told()).toEqual([]);
  });

  it('show what was changed elsewhere, but not over what is being typed', async () => {
    await state().open(clubId);
    state().receive([builtIn, { ...club, name: 'Club 2' }]);
    expect(state().draft?.name).toBe('Club 2');
    state().edit({ name: 'Mine' });
    state().receive([builtIn, { ...club, name: 'Club 3' }]);
    expect(state().draft?.name).toBe('Mine');
  });

  it('tick a new one beside those that are ticked, and change no tick by saving another', async () => {
    await state().startNew();
    state().edit({ name: 'Choir', serverUrl: 'rtmp://choir.example/live' });
    await state().save();
    expect(ticked()).toEqual(['Club', 'Choir']);
    new Ticks(settings).remove('new');
    state().edit({ name: 'Choir 2' });
    await state().save();
    expect(ticked()).toEqual(['Club']);
  });

  it('tick the built-in server until somebody has ticked one, and a new one in its place', () => {
    const open = (profileIds?: string[]) => {
      settings = createSettingsStore(
        { settings: { update: () => Promise.resolve() } } as unknown as EngineClient,
        { ...(profileIds && { profileIds }) } as Partial<Settings> as Settings,
        alerts,
      );
      return new Ticks(settings);
    };
    const ticks = open();
    expect(ticked()).toEqual(['Built-in server']);
    ticks.addSaved(clubId);
    expect(ticked()).toEqual(['Club']);
    // That is told, until somebody ticks.
    expect(ticks.replacement.getState()).toEqual({ id: clubId });
    ticks.add(builtInProfileId);
    expect(ticks.replacement.getState()).toEqual({ id: undefined });
    // Ticked by hand, it stays.
    open().add(clubId);
    expect(ticked()).toEqual(['Built-in server', 'Club']);
    const chosen = open([builtInProfileId]);
    chosen.addSaved(clubId);
    expect(ticked()).toEqual(['Built-in server', 'Club']);
    expect(chosen.replacement.getState()).toEqual({ id: undefined });
    open(['gone']);
    expect(ticked()).toEqual([]);
  });

  it('keep the tick of one that was deleted elsewhere and is back', () => {
    state().receive([builtIn]);
    expect(ticked()).toEqual([]);
    state().receive([builtIn, club]);
    expect(ticked()).toEqual(['Club']);
  });

  it('keep what is typed of another one when a deleted one is brought back', async () => {
    await state().open(clubId);
    await state().remove();
    await state().startNew();
    state().edit({ name: 'Half typed' });
    await state().restore();
    expect(state().draft).toMatchObject({ name: 'Half typed' });
  });
});
