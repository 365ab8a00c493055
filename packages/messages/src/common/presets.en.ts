/** Services and kinds of servers to publish to: what they are called, and where key and address are found. */
export const presets = {
  own: { name: 'Own address', hint: '' },
  bilibili: {
    name: 'Bilibili',
    hint: 'Address and key are shown in the Bilibili live center, once the broadcast is opened there. The key begins with ?streamname=.',
  },
  douyin: {
    name: 'Douyin',
    hint: 'Douyin shows address and key for each broadcast, to accounts that may use other software. The key is worth nothing after a while: copy both just before.',
  },
  huya: {
    name: 'Huya',
    hint: 'Huya shows one address in its streaming settings. Paste the whole of it as the server URL: it is told apart.',
  },
  douyu: {
    name: 'Douyu',
    hint: 'Douyu shows address and key in the streaming settings, once the room is opened. The key is another one for each broadcast.',
  },
  kuaishou: {
    name: 'Kuaishou',
    hint: 'Kuaishou gives one address for each broadcast, which is good for two days. Paste the whole of it as the server URL: it is told apart.',
  },
  'wechat-channels': {
    name: 'WeChat Channels',
    hint: 'In the Channels assistant, create a live broadcast: address and key are shown then, and are others for each broadcast.',
  },
  twitch: {
    name: 'Twitch',
    hint: 'The key is in the Creator Dashboard under Settings → Stream. A nearer server can be typed as the server URL.',
  },
  youtube: {
    name: 'YouTube',
    hint: 'The key is in YouTube Studio under Create → Go live → Stream.',
  },
  facebook: {
    name: 'Facebook',
    hint: 'The key is in Live Producer, under Streaming software. A broadcast has to begin within a day, and ends after eight hours.',
  },
  kick: {
    name: 'Kick',
    hint: 'Address and key are in the Creator Dashboard, in the stream settings. The address has to begin with rtmps:// and end with /app.',
  },
  tiktok: {
    name: 'TikTok',
    hint: 'TikTok shows address and key to accounts that may stream from a computer, for each broadcast.',
  },
  vimeo: {
    name: 'Vimeo',
    hint: 'Address and key are shown on the page of the event, where an encoder is connected (RTMPS).',
  },
  cloudflare: {
    name: 'Cloudflare Stream',
    hint: 'The key is in the dashboard, in the live input that you have created.',
  },
  'nginx-rtmp': {
    name: 'nginx with its RTMP module',
    hint: 'The stream key is the name of the stream; where the server wants a publish key, ?key=KEY stands behind it.',
  },
  srs: {
    name: 'SRS',
    hint: 'The stream key is the name of the stream, which you choose.',
  },
  mediamtx: {
    name: 'MediaMTX',
    hint: 'Application and stream key together are the path. A user and a password stand behind the key, as ?user=…&pass=….',
  },
  wowza: {
    name: 'Wowza Streaming Engine',
    hint: 'The stream key is the name of the stream. Unless it is told otherwise, Wowza asks for a user and a password: those under Server → Source Authentication.',
  },
  adobe: {
    name: 'Adobe Media Server',
    hint: 'The stream key is the name of the stream. The application is live, or livepkgr to package for HTTP: then ?adbe-live-event=liveevent stands behind the name. It asks for a user and a password where the authentication add-in is installed.',
  },
} as const;

export const presetGroups = {
  general: 'Any server',
  china: 'Services in China',
  world: 'Services elsewhere',
  servers: 'Your own servers',
} as const;
