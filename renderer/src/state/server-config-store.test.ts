import {
  describeError,
  type ServerConfigAnswer,
  type ServerConfigInput,
} from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { createAlertsStore } from './alerts-store.js';
import type { ProfilesStore } from './profiles-store.js';
import { createServerConfigStore, wantsField } from './server-config-store.js';

const written: ServerConfigAnswer = {
  ...{ type: 'written', text: 'http {}', holdsSecrets: false, isOpen: true, addresses: [] },
  destination: { serverUrl: 'rtmp://live.example:1935/live', streamKey: 'show' },
};
const refused: ServerConfigAnswer = {
  type: 'refused',
  problems: [
    { field: 'rtmp', error: describeError('INVALID_OPTION', { reason: 'x' }) },
    { field: 'push', index: 1, error: describeError('INVALID_OPTION', { reason: 'y' }) },
  ],
};

/** An engine that answers as it is told, and an editor that lets go of what is in it, or not. */
function setUp() {
  const asked: ServerConfigInput[] = [];
  const engine = { answer: written as ServerConfigAnswer | Error, during: (): void => undefined };
  const editor = { letsGo: true, done: [] as unknown[] };
  const alerts = createAlertsStore();
  const profiles = {
    getState: () => ({
      startNewFrom: (known: unknown) => {
        editor.done.push(known);
        return Promise.resolve(editor.letsGo);
      },
      save: () => {
        editor.done.push('saved');
        return Promise.resolve(true);
      },
    }),
  } as unknown as ProfilesStore;
  const client = {
    write: (input: ServerConfigInput) => {
      asked.push(input);
      engine.during();
      const { answer } = engine;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  const store = createServerConfigStore(client, alerts, profiles);
  return { asked, engine, editor, alerts, state: () => store.getState() };
}

describe('the configuration of another server in the window', () => {
  it('is asked for without what such a server does not have, which stays typed', async () => {
    const { asked, state } = setUp();
    state().edit({
      publishKey: 'k3y',
      record: '/srv',
      push: 'rtmp://a/b\n\nrtmp://c/d',
      hls: true,
    });
    state().edit({ workFolder: '/opt' });
    await state().write('en');
    state().edit({ engine: 'srs', role: 'edge', origin: 'a:1', originHttp: 'a:2' });
    await state().write('zh-CN');
    expect(asked).toMatchObject([
      {
        ...{ publishKey: 'k3y', record: '/srv', push: ['rtmp://a/b', '', 'rtmp://c/d'], hls: true },
        ...{ origin: '', workFolder: '/opt', language: 'en' },
      },
      {
        ...{ publishKey: '', record: '', push: [], hls: false, origin: 'a:1', originHttp: '' },
        ...{ workFolder: '/var/lib', language: 'zh-CN' },
      },
    ]);
    expect(state().draft).toMatchObject({ publishKey: 'k3y', hls: true });
    const nginxEdge = { engine: 'nginx', role: 'edge' } as const;
    expect(wantsField(nginxEdge, 'originHttp') && wantsField(nginxEdge, 'hls')).toBe(true);
  });

  it('is gone when something is changed, as is what was wrong with that', async () => {
    const { engine, state } = setUp();
    await state().write('en');
    expect(state().written).toEqual(written);
    state().edit({ app: 'other' });
    expect(state().written).toBeUndefined();
    engine.answer = refused;
    await state().write('en');
    expect(state()).toMatchObject({ problems: refused.problems, refusals: 1 });
    state().edit({ rtmp: '0.0.0.0:1' });
    expect(state().problems.map(({ field }) => field)).toEqual(['push']);
  });

  it('is not shown where somebody has typed on meanwhile', async () => {
    const { engine, state } = setUp();
    engine.during = () => {
      state().edit({ app: 'other' });
    };
    await state().write('en');
    expect(state()).toMatchObject({ written: undefined, isWriting: false });
  });

  it('becomes a profile, unless what is in the editor is to stay', async () => {
    const { editor, state } = setUp();
    await state().useAsDestination('nothing yet');
    expect(editor.done).toEqual([]);
    state().open();
    await state().write('en');
    await state().useAsDestination('nginx');
    expect(editor.done).toEqual([
      { name: 'nginx', serverUrl: 'rtmp://live.example:1935/live', streamKey: 'show' },
      'saved',
    ]);
    expect(state().isOpen).toBe(false);
    editor.letsGo = false;
    await state().useAsDestination('nginx');
    expect(editor.done).toHaveLength(3);
  });

  it('says why the engine could not answer', async () => {
    const { engine, alerts, state } = setUp();
    engine.answer = Object.assign(new Error('x'), { data: describeError('INTERNAL') });
    state().open();
    await state().write('en');
    expect(state()).toMatchObject({ isOpen: false, isWriting: false });
    expect(alerts.getState().alerts).toMatchObject([{ title: 'configNotWritten' }]);
  });

  it('has new keys that need no escape, each another', () => {
    const { state } = setUp();
    const keys = new Set(
      Array.from({ length: 50 }, () => {
        state().makeKey();
        return state().draft.publishKey;
      }),
    );
    expect(keys.size).toBe(50);
    for (const key of keys) expect(key).toMatch(/^[\w-]{24}$/);
  });
});
