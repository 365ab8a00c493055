import { describeError, type AppErrorInfo, type ServerSnapshot } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { createAlertsStore } from './alerts-store.js';
import type { EngineClient } from './engine-client.js';
import { createQuestionsStore } from './questions-store.js';
import { publishAddresses, shownHost } from './server-addresses.js';
import { createServerStore } from './server-store.js';

const snapshot = (state: ServerSnapshot['state']): ServerSnapshot => ({
  settings: {
    ...{ isOn: true, isPublic: true, wantsPlayKey: true, wantsPublishAuth: false, recordTo: '' },
    ...{ rtmpPort: 1935, httpPort: 8080 },
  },
  ...{ state, hosts: [], streams: [], refusals: [] },
});

/** An engine that fails as it is told, and makes another key each time. */
function setUp() {
  const engine = {
    failure: undefined as AppErrorInfo | undefined,
    renewals: 0,
    linkMs: 86_400_000,
  };
  const attempt = <T>(answer: T): Promise<T> => {
    const { failure } = engine;
    return failure
      ? Promise.reject(Object.assign(new Error(failure.code), { data: failure }))
      : Promise.resolve(answer);
  };
  let links = 0;
  const client: EngineClient['server'] = {
    update: () => attempt(undefined),
    revealKeys: () => attempt({ publishKey: `key${engine.renewals}` }),
    renewKey: () => {
      engine.renewals += 1;
      return attempt(undefined);
    },
    viewerLink: ({ host }) =>
      attempt({ url: `http://${host}/?token=${++links}`, until: Date.now() + engine.linkMs }),
    watch: () => Promise.reject(new Error('not watched')),
  };
  const alerts = createAlertsStore();
  const questions = createQuestionsStore();
  const store = createServerStore(client, alerts, questions);
  return { engine, alerts, questions, store, state: () => store.getState() };
}

describe('the built-in server in the window', () => {
  it('says beside its field what the engine does not take, until the next try', async () => {
    const { engine, state, alerts } = setUp();
    engine.failure = describeError('SERVER_FOLDER_UNUSABLE', { folder: '/x', reason: 'y' });
    await state().update({ recordTo: '/x' });
    expect(state().refused).toEqual({ field: 'recordTo', error: engine.failure });
    expect(alerts.getState().alerts).toEqual([]);
    engine.failure = undefined;
    await state().update({ recordTo: '/y' });
    expect(state().refused).toBeUndefined();
  });

  it('says what is about nothing in the panel as every other choice that is not saved', async () => {
    const { engine, state, alerts } = setUp();
    engine.failure = describeError('SETTINGS_UNWRITABLE', { file: 'server.json', reason: 'full' });
    await state().update({ isOn: true });
    expect(alerts.getState().alerts).toMatchObject([{ title: 'choiceNotSaved' }]);
    expect(state().refused).toBeUndefined();
  });

  it('makes a new key only when that is confirmed, and shows then no old one', async () => {
    const { engine, state, questions } = setUp();
    await state().showKeys();
    await state().openLink('192.0.2.1');
    const link = state().link?.url;
    const cancelled = state().renewKey('publishKey');
    questions.getState().answer('cancel');
    await cancelled;
    expect(engine.renewals).toBe(0);
    const renewed = state().renewKey('publishKey');
    questions.getState().answer('renew');
    await renewed;
    expect(state().keys).toEqual({ publishKey: 'key1' });
    expect(state().link?.url).not.toBe(link);
    state().hideKeys();
    expect(state().keys).toBeUndefined();
  });

  it('has another link in good time before one expires, and none of a server that is off', async () => {
    const { engine, state } = setUp();
    engine.linkMs = 3_600_000;
    await state().openLink('192.0.2.1');
    const { link } = state();
    engine.linkMs = 86_400_000;
    state().receive(snapshot('on'));
    await Promise.resolve().then(() => undefined);
    await Promise.resolve();
    expect(state().link?.url).not.toBe(link?.url);
    state().receive(snapshot('off'));
    expect(state().link).toBeUndefined();
  });
});

describe('what is typed into programs that publish', () => {
  it('has the key in the stream key, and the port where it is not the usual one', () => {
    expect(publishAddresses('192.0.2.1', { rtmpPort: 1935, wantsPublishAuth: false }, 'K')).toEqual(
      {
        ...{ obsServer: 'rtmp://192.0.2.1/live', obsKey: 'obs?key=K' },
        url: 'rtmp://192.0.2.1/live/phone?key=K',
      },
    );
    expect(
      publishAddresses('[2001:db8::1]', { rtmpPort: 1936, wantsPublishAuth: true }, undefined),
    ).toEqual({
      ...{ obsServer: 'rtmp://[2001:db8::1]:1936/live', obsKey: 'obs' },
      url: 'rtmp://[2001:db8::1]:1936/live/phone',
    });
  });

  it('has the key as a password, and behind the application, where publishers are to authenticate', () => {
    expect(publishAddresses('192.0.2.1', { rtmpPort: 1935, wantsPublishAuth: true }, 'K')).toEqual({
      ...{ obsServer: 'rtmp://192.0.2.1/live', obsKey: 'obs' },
      ...{ url: 'rtmp://192.0.2.1/live?key=K/phone', login: { user: 'tallylight', password: 'K' } },
    });
  });

  it('goes to the address that was chosen, and to the first where that is gone', () => {
    const hosts = ['a', 'b'].map((host) => ({ host, network: 'n', reach: 'network' as const }));
    expect(shownHost(hosts, 'b')?.host).toBe('b');
    expect(shownHost(hosts, 'c')?.host).toBe('a');
    expect(shownHost([], 'c')).toBeUndefined();
  });
});
