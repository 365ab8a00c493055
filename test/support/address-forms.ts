/** An address as services and servers give it, and what the server is told for it. */
export interface AddressForm {
  readonly name: string;
  /** With the stream in it. HOST and V6 stand for where the test's server is. */
  readonly url: string;
  /** As `connect` has it; tcUrl is the server and this. */
  readonly app: string;
  /** As `publish` has it. */
  readonly stream: string;
  /** What ffmpeg tells instead, and why we do not. */
  readonly ffmpeg?: { readonly app?: string; readonly stream?: string; readonly why: string };
}

const form = (
  name: string,
  url: string,
  app: string,
  stream: string,
  ffmpeg?: AddressForm['ffmpeg'],
): AddressForm => ({ name, url, app, stream, ...(ffmpeg && { ffmpeg }) });

/** Of services, of servers, and of what people type. */
export const addressForms: readonly AddressForm[] = [
  form('YouTube', 'rtmp://HOST/live2/ab1c-d2ef-gh3i-j4kl', 'live2', 'ab1c-d2ef-gh3i-j4kl'),
  form('YouTube, backup', 'rtmp://HOST/live2?backup=1/ab1c-d2ef', 'live2?backup=1', 'ab1c-d2ef'),
  form('Twitch', 'rtmp://HOST/app/live_12_aBcD', 'app', 'live_12_aBcD'),
  form(
    'Twitch, test',
    'rtmp://HOST/app/live_12_aBcD?bandwidthtest=true',
    'app',
    'live_12_aBcD?bandwidthtest=true',
  ),
  form(
    'Facebook',
    'rtmps://HOST/rtmp/FB-12-0-AbzX?s_bl=1&s_psm=1&a=AbzY',
    'rtmp',
    'FB-12-0-AbzX?s_bl=1&s_psm=1&a=AbzY',
  ),
  form('Kick', 'rtmps://HOST/app/sk_us-west-2_AbCd_EfGh', 'app', 'sk_us-west-2_AbCd_EfGh'),
  form(
    'AWS IVS',
    'rtmps://HOST/app/sk_eu-west-1_XyZ1_0123abcdef',
    'app',
    'sk_eu-west-1_XyZ1_0123abcdef',
  ),
  form('Cloudflare', 'rtmps://HOST/live/75a7bf2c0f1e4d9bk93e2', 'live', '75a7bf2c0f1e4d9bk93e2'),
  form('Vimeo', 'rtmps://HOST/live/0a1b2c3d-4e5f-6a7b', 'live', '0a1b2c3d-4e5f-6a7b'),
  form('Mux', 'rtmps://HOST/app/5bd28537-7491-7ffa-b050', 'app', '5bd28537-7491-7ffa-b050'),
  form('Restream', 'rtmp://HOST/live/re_123_abc?event=1', 'live', 're_123_abc?event=1'),
  form('X', 'rtmp://HOST/x/abcd1234efgh', 'x', 'abcd1234efgh'),
  form(
    'Trovo',
    'rtmp://HOST/live/73846_1_1?token=a%3D&expire=1',
    'live',
    '73846_1_1?token=a%3D&expire=1',
  ),
  form('TikTok', 'rtmp://HOST/game/stream-1?expire=1&sign=ab', 'game', 'stream-1?expire=1&sign=ab'),
  form(
    'Bilibili',
    'rtmp://HOST/live-bvc/?streamname=live_1_2&key=ab&schedule=rtmp&pflag=1',
    'live-bvc',
    '?streamname=live_1_2&key=ab&schedule=rtmp&pflag=1',
  ),
  form(
    'Douyu',
    'rtmp://HOST/live/12rABCd?wsSecret=ab&wsTime=5f&wsSeek=off&wm=0',
    'live',
    '12rABCd?wsSecret=ab&wsTime=5f&wsSeek=off&wm=0',
  ),
  form(
    'Huya',
    'rtmp://HOST/huyalive/11-22-33?seq=1&type=simple',
    'huyalive',
    '11-22-33?seq=1&type=simple',
  ),
  form(
    'Kuaishou',
    'rtmp://HOST/gifshow/kwai_actL_ol_1?sign=a-b&ks_ctx=dXM7',
    'gifshow',
    'kwai_actL_ol_1?sign=a-b&ks_ctx=dXM7',
  ),
  form(
    'Aliyun',
    'rtmp://HOST/app/room?auth_key=1543300000-0-0-ab',
    'app',
    'room?auth_key=1543300000-0-0-ab',
  ),
  form(
    'Aliyun, with its domain',
    'rtmp://HOST/app?vhost=push.example.cn/room',
    'app?vhost=push.example.cn',
    'room',
  ),
  form(
    'Tencent',
    'rtmp://HOST/live/room?txSecret=ab&txTime=5f',
    'live',
    'room?txSecret=ab&txTime=5f',
  ),
  form('Wowza', 'rtmp://HOST/live/myStream', 'live', 'myStream'),
  form('Wowza, instance', 'rtmp://HOST/live/_definst_/myStream', 'live/_definst_', 'myStream'),
  form('Wowza, recorded', 'rtmp://HOST/vod/mp4:sub/sample.mp4', 'vod', 'mp4:sub/sample.mp4'),
  form(
    'Wowza, recorded, instance',
    'rtmp://HOST/vod/_definst_/mp4:a/b.mp4',
    'vod/_definst_',
    'mp4:a/b.mp4',
  ),
  form('Adobe, instance', 'rtmp://HOST/app/inst/stream', 'app/inst', 'stream'),
  form(
    'Adobe, event',
    'rtmp://HOST/livepkgr/stream?adbe-live-event=liveevent',
    'livepkgr',
    'stream?adbe-live-event=liveevent',
  ),
  form('Akamai', 'rtmp://HOST/EntryPoint/stream_1_300@12345', 'EntryPoint', 'stream_1_300@12345'),
  form('nginx-rtmp', 'rtmp://HOST/live/cam?psk=a1', 'live', 'cam?psk=a1'),
  form('nginx-rtmp, token before', 'rtmp://HOST/live?secret=liv/cam1', 'live?secret=liv', 'cam1'),
  form('SRS, vhost before', 'rtmp://HOST/live?vhost=x.example/cam', 'live?vhost=x.example', 'cam'),
  form('SRS, vhost behind', 'rtmp://HOST/live/cam?vhost=x.example', 'live', 'cam?vhost=x.example'),
  form('SRS, both', 'rtmp://HOST/live?vhost=x/cam?token=1', 'live?vhost=x', 'cam?token=1'),
  form('SRS, dots', 'rtmp://HOST/live...vhost...x/cam', 'live...vhost...x', 'cam'),
  form('Red5', 'rtmp://HOST/oflaDemo/red5StreamDemo', 'oflaDemo', 'red5StreamDemo'),
  form('MediaMTX', 'rtmp://HOST/mystream?user=a&pass=b', 'mystream?user=a&pass=b', ''),
  form('MediaMTX, open', 'rtmp://HOST/mystream', 'mystream', ''),
  form(
    'OvenMediaEngine',
    'rtmp://HOST/app/stream?policy=eyJ1&signature=ab_c-',
    'app',
    'stream?policy=eyJ1&signature=ab_c-',
  ),
  form(
    'Ant Media',
    'rtmp://HOST/WebRTCAppEE/stream1?token=eyJh.b.c',
    'WebRTCAppEE',
    'stream1?token=eyJh.b.c',
  ),
  form('IPv6', 'rtmp://V6/app/key6', 'app', 'key6'),
  form('a user and a password', 'rtmp://me:pa%40ss@HOST/app/signed', 'app', 'signed'),
  form('a slash in the query', 'rtmp://HOST/app/key?t=ab/cd==', 'app', 'key?t=ab/cd==', {
    ...{ app: 'app/key?t=ab', stream: 'cd==' },
    why: 'it cuts at the second slash, wherever that is; tokens in base64 have slashes',
  }),
  form('a number sign in the key', 'rtmp://HOST/app/ke#y', 'app', 'ke#y'),
  form('odd characters', "rtmp://HOST/app/k!$&'()*+,;=~|{}^", 'app', "k!$&'()*+,;=~|{}^"),
  form('percent signs', 'rtmp://HOST/app/a%20b%2Fc', 'app', 'a%20b%2Fc'),
  form('Chinese', 'rtmp://HOST/直播/房间一?令牌=值', '直播', '房间一?令牌=值'),
  form('no key', 'rtmp://HOST/app/', 'app', ''),
  form('a slash too many', 'rtmp://HOST/app/slashed/', 'app', 'slashed', {
    ...{ app: 'app/slashed', stream: '' },
    why: 'it cuts at the second slash; nobody means to publish without a name then',
  }),
  form('four segments', 'rtmp://HOST/a/b/c/d', 'a/b/c', 'd', {
    ...{ app: 'a/b', stream: 'c/d' },
    why: 'it cuts at the second slash; broadcasters, and so their users, cut at the last, and the others are tried after it',
  }),
];

interface Hosts {
  readonly host: string;
  readonly tlsHost: string | undefined;
  readonly v6: string | undefined;
}

/** The forms with a server in them that is there, and what it is told. */
export const formsAt = ({ host, tlsHost, v6 }: Hosts) =>
  addressForms
    .filter(({ url }) => v6 !== undefined || !url.includes('V6'))
    .map((each) => {
      const url = each.url
        .replace('rtmps://HOST', `rtmps://${tlsHost ?? 'HOST'}`)
        .replace('HOST', host)
        .replace('V6', v6 ?? '');
      return { ...each, url, tcUrl: tcUrlOf(url, each.app) };
    });

/** The scheme, the server without a user, and the application. */
export const tcUrlOf = (url: string, app: string): string => {
  const [, scheme = '', host = ''] = /^([^/]*\/\/)(?:[^/]*@)?([^/]*)/.exec(url) ?? [];
  return `${scheme}${host}/${app}`;
};
