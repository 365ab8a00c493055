import {
  describeError,
  errorExitCodes,
  reason,
  type AppErrorInfo,
  type ErrorData,
  type Phase,
} from '@tallylight/contract';
import { createMessages, type Language } from '@tallylight/messages';
import { windowCatalog } from '@tallylight/messages/window';
import { RtmpError } from 'node-rtmp-client';
import {
  lossCause,
  rtmpErrorToAppError,
} from '../../packages/engine/src/outputs/rtmp/destination-errors.js';
import type { LossCause } from '../../packages/engine/src/outputs/rtmp/reconnect-machine.js';

/** What can go wrong on the way to viewers, and what is said and done then. */
export interface Failure {
  readonly name: Readonly<Record<Language, string>>;
  readonly error?: AppErrorInfo;
  /** Where it is no error: what the window says meanwhile. */
  readonly said?: (language: Language) => string;
  readonly retry: Retry;
}

export type Retry = LossCause | 'hung-up' | 'refused-soon' | 'warned' | 'capture' | 'goes-on';

const retries: Readonly<Record<Retry, Readonly<Record<Language, string>>>> = {
  line: {
    en: 'After a loss it is tried again: at once, each second for half a minute, then less often, up to the limit.',
    'zh-CN': '断线后重试：先立即，然后半分钟内每秒一次，之后逐渐变慢，直到设定的时限。',
  },
  denied: {
    en: 'After a loss it is tried once more; refused twice, no longer.',
    'zh-CN': '断线后再试一次；两次被拒就不再重试。',
  },
  unanswered: {
    en: 'Before it was live it is tried as after a loss for a minute, until it closes a second time; later as after any loss.',
    'zh-CN': '开播前按断线重试，最多一分钟，第二次又断开就不再重试；开播后与其他断线相同。',
  },
  'hung-up': {
    en: 'Closed twice before it was live, it is no longer tried.',
    'zh-CN': '开播前两次被断开，就不再重试。',
  },
  'refused-soon': {
    en: 'Closed twice right after publishing, it is no longer tried.',
    'zh-CN': '两次一推流就被关闭，就不再重试。',
  },
  busy: {
    en: 'After a loss it is our own old session: for two minutes it is tried at least every five seconds, then as after any loss.',
    'zh-CN': '断线后视为自己的旧会话：两分钟内至少每五秒重试一次，之后与其他断线相同。',
  },
  final: { en: 'It is not tried again: it cannot succeed.', 'zh-CN': '不重试：不会成功。' },
  warned: { en: 'It is a warning: nothing is stopped.', 'zh-CN': '只是提示，不会阻止。' },
  capture: {
    en: 'The broadcast ends, or does not begin; in the window it is tried again when the device or the permission is there.',
    'zh-CN': '直播结束或不开始；在窗口里，设备或权限恢复后会重新打开。',
  },
  'goes-on': { en: 'The broadcast goes on.', 'zh-CN': '直播继续。' },
};

const where = { host: 'live.example', port: 1935, app: 'show' };
const context = { ...where, url: 'rtmp://live.example/show', redact: (text: string) => text };

/** As the library tells it. */
const told = (error: RtmpError): Pick<Failure, 'error' | 'retry'> => ({
  error: rtmpErrorToAppError(error, context).info,
  retry: lossCause(error),
});

const own = (
  code: AppErrorInfo['code'],
  retry: Retry,
  data: ErrorData,
  phase?: Phase,
): Pick<Failure, 'error' | 'retry'> => ({ error: describeError(code, data, phase), retry });

const inWindow =
  (key: 'ready.caution.silent' | 'health.slowComputer' | 'health.slowNetwork') =>
  (language: Language): string => {
    const { t } = createMessages(language, windowCatalog);
    const values = { share: '6 %', seconds: 10 };
    switch (key) {
      case 'ready.caution.silent':
        return t('window.ready.caution.silent');
      case 'health.slowComputer':
        return t('window.health.slowComputer', values);
      case 'health.slowNetwork':
        return t('window.health.slowNetwork', values);
    }
  };

export const failures: readonly Failure[] = [
  {
    name: { en: 'Bad key: the server says no', 'zh-CN': '密钥不对：服务器拒绝' },
    ...told(
      new RtmpError('publish-rejected', 'publish', 'Invalid stream key', {
        ...{ serverCode: 'NetStream.Publish.Denied', reason: 'Invalid stream key' },
      }),
    ),
  },
  {
    name: { en: 'Bad key: the server closes soon after', 'zh-CN': '密钥不对：服务器随即关闭' },
    ...own('CLOSED_AFTER_PUBLISH', 'refused-soon', where, 'stable'),
  },
  {
    name: {
      en: 'Bad key, or a restart: the server closes without a word',
      'zh-CN': '密钥不对或服务器重启：一声不响就断开',
    },
    ...told(new RtmpError('publish-rejected', 'publish', 'closed', { problem: 'closed' })),
  },
  {
    name: { en: 'Bad key: it does so each time', 'zh-CN': '密钥不对：每次都断开' },
    ...own(
      'STREAM_REFUSED',
      'hung-up',
      { ...where, reason: reason('closed-each-time') },
      'publish',
    ),
  },
  {
    name: { en: 'Stale publisher', 'zh-CN': '旧的推流还在' },
    ...told(
      new RtmpError('stream-busy', 'publish', 'Already publishing', {
        ...{ serverCode: 'NetStream.Publish.BadName', reason: 'Already publishing' },
      }),
    ),
  },
  {
    name: { en: 'Stale publisher, while reconnecting', 'zh-CN': '旧的推流还在（重连时）' },
    ...own('STREAM_HELD', 'busy', where, 'publish'),
  },
  {
    name: { en: 'Wrong application', 'zh-CN': '应用名不对' },
    ...told(
      new RtmpError('connect-rejected', 'connect', 'No such application', {
        ...{ serverCode: 'NetConnection.Connect.InvalidApp', reason: 'No such application' },
      }),
    ),
  },
  {
    name: { en: 'No such name', 'zh-CN': '域名不存在' },
    ...told(new RtmpError('dns-not-found', 'dns', 'not found')),
  },
  {
    name: { en: 'Connection refused', 'zh-CN': '拒绝连接' },
    ...told(new RtmpError('refused', 'tcp', 'refused')),
  },
  {
    name: { en: 'Timeout', 'zh-CN': '超时' },
    ...told(new RtmpError('timeout', 'tcp', 'nothing came')),
  },
  {
    name: { en: 'Reset', 'zh-CN': '连接被重置' },
    ...told(new RtmpError('reset', 'streaming', 'reset')),
  },
  {
    name: { en: 'No route', 'zh-CN': '无法到达' },
    ...told(new RtmpError('unreachable', 'tcp', 'no route')),
  },
  {
    name: { en: 'Certificate', 'zh-CN': '证书' },
    ...told(
      new RtmpError(
        'tls-certificate',
        'tls',
        'expired',
        {},
        {
          cause: Object.assign(new Error('expired'), { code: 'CERT_HAS_EXPIRED' }),
        },
      ),
    ),
  },
  {
    name: { en: 'TLS where plain RTMP is spoken', 'zh-CN': '对不加密的服务器用了 TLS' },
    ...told(new RtmpError('tls-not-spoken', 'tls', 'plain')),
  },
  {
    name: { en: 'Plain RTMP where TLS is expected', 'zh-CN': '对要求 TLS 的服务器没有加密' },
    ...told(new RtmpError('closed', 'handshake', 'closed')),
  },
  {
    name: { en: 'Key in the URL field', 'zh-CN': '密钥写在服务器地址里' },
    ...own('KEY_IN_URL', 'warned', { destination: 'Twitch' }),
  },
  {
    name: { en: 'Camera in use', 'zh-CN': '摄像头被占用' },
    ...own('CAMERA_IN_USE', 'capture', { device: 'Studio camera' }, 'camera'),
  },
  {
    name: { en: 'No permission', 'zh-CN': '没有权限' },
    ...own('CAMERA_DENIED', 'capture', { device: 'Studio camera' }, 'camera'),
  },
  {
    name: { en: 'Microphone silent or muted', 'zh-CN': '麦克风没有声音' },
    said: inWindow('ready.caution.silent'),
    retry: 'goes-on',
  },
  {
    name: { en: 'Camera frozen', 'zh-CN': '摄像头卡住' },
    ...own('CAPTURE_STALLED', 'capture', { device: 'Studio camera', seconds: 5 }, 'camera'),
  },
  {
    name: { en: 'Encoder overloaded', 'zh-CN': '编码跟不上' },
    said: inWindow('health.slowComputer'),
    retry: 'goes-on',
  },
  {
    name: { en: 'Network slow', 'zh-CN': '网络太慢' },
    said: inWindow('health.slowNetwork'),
    retry: 'goes-on',
  },
];

/** What is said of it, and what to do, in one text. */
export function saidOf({ error, said }: Failure, language: Language): string {
  if (said) return said(language);
  if (!error) return '';
  const { message, remedy } = createMessages(language, windowCatalog).error(error);
  return language === 'en' ? `${message} ${remedy}` : message + remedy;
}

const texts = {
  en: {
    title: '# Failures',
    about:
      'What can go wrong on the way to viewers: its code (in `--json`), the exit code of a command that ends with it, what is said, and whether it is tried again. Names in the sentences are examples. This page is written by `npx vitest run test/failures.test.ts -u` from the code.',
    head: '| failure | code | exit | what is said | tried again |',
  },
  'zh-CN': {
    title: '# 故障一览',
    about:
      '通往观众的路上会出的问题：代码（在 `--json` 里）、命令因此结束时的退出码、怎么说、是否重试。句子里的名称是示例。本页由 `npx vitest run test/failures.test.ts -u` 从代码生成。',
    head: '| 故障 | 代码 | 退出码 | 怎么说 | 重试 |',
  },
} as const;

/** The page about all of them. */
export function failurePage(language: Language): string {
  const { title, about, head } = texts[language];
  const rows = failures.map((failure) => {
    const { name, error, retry } = failure;
    const code = error ? `\`${error.code}\`` : '–';
    const exit = error ? `${errorExitCodes[error.code]}` : '–';
    const said = saidOf(failure, language).replaceAll('|', '\\|');
    return `| ${name[language]} | ${code} | ${exit} | ${said} | ${retries[retry][language]} |`;
  });
  return `${title}\n\n${about}\n\n${head}\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}
