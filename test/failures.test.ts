import { errorExitCodes } from '@tallylight/contract';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { failurePage, failures, saidOf } from './support/failure-table.js';

/** What each failure of the list comes to: its code, its exit code, whether it is tried again, and a word that must be said. */
const expected: readonly (readonly [
  code: string,
  exit: number,
  retry: string,
  en: RegExp,
  zh: RegExp,
])[] = [
  ['STREAM_REFUSED', 4, 'denied', /Invalid stream key/, /Invalid stream key/],
  ['CLOSED_AFTER_PUBLISH', 4, 'refused-soon', /key/, /密钥/],
  ['CLOSED_AT_PUBLISH', 3, 'unanswered', /key may be wrong, or .* restarted/, /密钥不对.*重启/],
  ['STREAM_REFUSED', 4, 'hung-up', /each time/, /每次/],
  ['STREAM_BUSY', 4, 'busy', /already|Already/, /推流/],
  ['STREAM_HELD', 4, 'busy', /old/, /旧|之前|上次/],
  ['APP_REJECTED', 4, 'final', /show/, /show/],
  ['HOST_NOT_FOUND', 3, 'line', /live\.example/, /live\.example/],
  ['CONNECTION_REFUSED', 3, 'line', /refused/, /拒绝/],
  ['CONNECT_TIMEOUT', 3, 'line', /live\.example/, /live\.example/],
  ['CONNECTION_LOST', 3, 'line', /live\.example/, /live\.example/],
  ['HOST_UNREACHABLE', 3, 'line', /live\.example/, /live\.example/],
  ['TLS_CERTIFICATE', 3, 'final', /expired/, /过期/],
  ['TLS_NOT_SPOKEN', 3, 'final', /rtmp:\/\//, /rtmp:\/\//],
  ['NOT_RTMP', 3, 'line', /rtmps:\/\//, /rtmps:\/\//],
  ['KEY_IN_URL', 2, 'warned', /stream key/, /密钥/],
  ['CAMERA_IN_USE', 5, 'capture', /Studio camera/, /Studio camera/],
  ['CAMERA_DENIED', 5, 'capture', /Studio camera|permission|allow/i, /权限|允许/],
  ['', 0, 'goes-on', /microphone|silent|sound/i, /麦克风|声音/],
  ['CAPTURE_STALLED', 5, 'capture', /Studio camera/, /Studio camera/],
  ['', 0, 'goes-on', /computer is too slow/, /电脑|计算机/],
  ['', 0, 'goes-on', /network is slow/, /网络/],
];

describe('the table of failures', () => {
  it.each(failures.map((failure, index) => [failure.name.en, failure, index] as const))(
    'says of "%s" what it is, in both languages, and whether it is tried again',
    (_, failure, index) => {
      const { error, retry } = failure;
      const [code = '', exit = 0, policy, en = /^$/, zh = /^$/] = expected[index] ?? [];
      expect(error?.code ?? '').toBe(code);
      if (error) expect(errorExitCodes[error.code]).toBe(exit);
      expect(retry).toBe(policy);
      expect(saidOf(failure, 'en')).toMatch(en);
      expect(saidOf(failure, 'zh-CN')).toMatch(zh);
      for (const language of ['en', 'zh-CN'] as const) {
        // Nothing is left open.
        expect(saidOf(failure, language)).not.toMatch(/unknown|未知|\{\{/);
      }
    },
  );

  it('has a row for each', () => {
    expect(failures).toHaveLength(expected.length);
  });

  it.each(['en', 'zh-CN'] as const)('is the page in the documentation (%s)', async (language) => {
    const file = `docs/failures${language === 'en' ? '' : '.zh-CN'}.md`;
    const options = { ...(await resolveConfig(file)), filepath: file };
    await expect(await format(failurePage(language), options)).toMatchFileSnapshot(`../${file}`);
  });
});
