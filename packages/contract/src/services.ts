/* eslint-disable tallylight/no-sentences -- The titles of sources, as they are called. */
import type { ServiceFacts } from './service-facts.js';

const fullHd = [1920, 1080] as const;
const read = '2026-11-30';

/** Which is kept up with the services' own changes, in the open. */
const obsServices = {
  title: 'OBS Studio: rtmp-services, services.json',
  url: 'https://github.com/obsproject/obs-studio/blob/master/plugins/rtmp-services/data/services.json',
  read,
} as const;

/** What a new destination can begin from. What could not be verified is left out. */
export const services = [
  {
    id: 'own',
    group: 'general',
    address: 'any',
    urlExample: 'rtmps://server/app',
    keyExample: '',
    login: 'possible',
  },
  {
    id: 'bilibili',
    group: 'china',
    address: 'known',
    urlExample: 'rtmp://live-push.bilivideo.com/live-bvc',
    keyExample: '?streamname=live_…&key=…&schedule=rtmp',
    login: 'none',
    hosts: ['bilivideo.com'],
    sources: [
      {
        title: 'bilibili-API-collect: 开始直播',
        url: 'https://github.com/SocialSisterYi/bilibili-API-collect/blob/master/docs/live/manage.md',
        facts: ['address', 'key'],
        read,
      },
    ],
  },
  {
    id: 'douyin',
    group: 'china',
    address: 'shown',
    urlExample: 'rtmp://server/app',
    keyExample: '',
    login: 'none',
    sources: [
      { title: '抖音 OBS 推流设置', url: 'https://www.nctoro.com/a99593', facts: ['key'], read },
    ],
  },
  {
    id: 'huya',
    group: 'china',
    address: 'shown',
    urlExample: 'rtmp://al.direct.huya.com/huyalive',
    keyExample: '…?seq=…&type=simple',
    login: 'none',
    hosts: ['huya.com'],
    sources: [
      {
        title: 'OBS 推流地址的拆分',
        url: 'https://php.wlsqs.com/faq/1892702.html',
        facts: ['address', 'key'],
        read,
      },
    ],
  },
  {
    id: 'douyu',
    group: 'china',
    address: 'shown',
    urlExample: 'rtmp://send3.douyutv.com/live',
    keyExample: '…?wsSecret=…&wsTime=…',
    login: 'none',
    hosts: ['douyutv.com', 'douyu.com'],
    sources: [
      {
        title: 'Linux使用ffmpeg直播推流',
        url: 'https://github.com/mangege/mangege/commit/7b044d63e74b2359193fcbafe7e757674a08084d',
        facts: ['address', 'key'],
        read,
      },
    ],
  },
  {
    id: 'kuaishou',
    group: 'china',
    address: 'shown',
    urlExample: 'rtmp://server/gifshow',
    keyExample: '…?sign=…',
    login: 'none',
    hosts: ['voip.yximgs.com'],
    sources: [
      {
        title: '快手开放平台：获取推流地址接口',
        url: 'https://github.com/KwaiVideoTeam/kuaishou-liveopen-api',
        facts: ['address', 'key'],
        read,
      },
      { ...obsServices, facts: ['address'] },
    ],
  },
  {
    id: 'wechat-channels',
    group: 'china',
    address: 'shown',
    urlExample: 'rtmp://server/app',
    keyExample: '',
    login: 'none',
    sources: [
      {
        title: '微信視頻號直播推流功能',
        url: 'http://feiheshaxian.cn/games/a/3139848.html',
        facts: ['key'],
        read,
      },
    ],
  },
  {
    id: 'twitch',
    group: 'world',
    address: 'known',
    urlExample: 'rtmp://live.twitch.tv/app',
    keyExample: 'live_…',
    login: 'none',
    hosts: ['live.twitch.tv', 'contribute.live-video.net'],
    testQuery: 'bandwidthtest=true',
    limits: {
      videoBitrate: 6_000_000,
      audioBitrate: 320_000,
      size: fullHd,
      fps: 60,
      keyframeInterval: 2,
      videoCodecs: ['h264'],
    },
    sources: [
      {
        title: 'Twitch Developers: Video Broadcast',
        url: 'https://dev.twitch.tv/docs/video-broadcast/',
        facts: ['address', 'key', 'testQuery'],
        read,
      },
      {
        ...obsServices,
        facts: ['videoBitrate', 'audioBitrate', 'keyframeInterval', 'videoCodecs'],
      },
      {
        title: 'StreamRise: Twitch broadcasting guidelines 2026',
        url: 'https://stream-rise.com/articles/twitch-broadcasting-guidelines',
        facts: ['size', 'fps'],
        read,
      },
    ],
  },
  {
    id: 'youtube',
    group: 'world',
    address: 'known',
    urlExample: 'rtmps://a.rtmps.youtube.com/live2',
    keyExample: 'xxxx-xxxx-xxxx-xxxx-xxxx',
    login: 'none',
    hosts: ['rtmp.youtube.com', 'rtmps.youtube.com'],
    limits: {
      videoBitrateIs: 'advised',
      videoBitrate: [
        { height: 1080, fps: 60, bitrate: 12_000_000 },
        { height: 1440, fps: 30, bitrate: 25_000_000 },
        { height: 1440, fps: 60, bitrate: 30_000_000 },
        { height: 2160, fps: 30, bitrate: 35_000_000 },
        { height: 2160, fps: 60, bitrate: 40_000_000 },
      ],
      size: [3840, 2160],
      fps: 60,
      videoCodecs: ['h264', 'hevc', 'av1'],
      sound: 'required',
    },
    sources: [
      {
        title: 'YouTube Help: Choose live encoder settings, bitrates, and resolutions',
        url: 'https://support.google.com/youtube/answer/2853702',
        facts: ['key', 'videoBitrate', 'size', 'fps', 'videoCodecs'],
        read,
      },
      {
        title: 'YouTube ヘルプ: ライブ エンコーダの設定、ビットレート、解像度 (2014)',
        url: 'https://web.archive.org/web/20140817050718/https://support.google.com/youtube/answer/2853702?hl=ja',
        facts: ['sound'],
        read,
      },
      {
        title: 'YouTube Live Streaming API: Delivering Live YouTube Content via RTMPS',
        url: 'https://developers.google.com/youtube/data/live/guides/rtmps-ingestion',
        facts: ['address'],
        read,
      },
    ],
  },
  {
    id: 'facebook',
    group: 'world',
    address: 'known',
    urlExample: 'rtmps://live-api-s.facebook.com:443/rtmp',
    keyExample: 'FB-…',
    login: 'none',
    tls: 'required',
    hosts: ['facebook.com'],
    limits: {
      videoBitrate: [
        { height: 360, fps: 60, bitrate: 1_000_000 },
        { height: 480, fps: 30, bitrate: 2_000_000 },
        { height: 720, fps: 30, bitrate: 4_000_000 },
        { height: 720, fps: 60, bitrate: 6_000_000 },
        { height: 1080, fps: 30, bitrate: 6_000_000 },
        { height: 1080, fps: 60, bitrate: 9_000_000 },
      ],
      audioBitrate: 128_000,
      size: fullHd,
      fps: 60,
      keyframeInterval: 4,
      videoCodecs: ['h264'],
      sound: 'required',
    },
    sources: [
      {
        title: 'Meta for Developers: Live Video API, Reference',
        url: 'https://developers.facebook.com/docs/live-video-api/reference',
        facts: [
          ...(['tls', 'videoBitrate', 'size', 'fps'] as const),
          ...(['keyframeInterval', 'videoCodecs', 'sound'] as const),
        ],
        read,
      },
      {
        title: 'Meta for Developers: Live Video API, Overview',
        url: 'https://developers.facebook.com/docs/live-video-api/overview',
        facts: ['address', 'key'],
        read,
      },
      { ...obsServices, facts: ['audioBitrate'] },
    ],
  },
  {
    id: 'kick',
    group: 'world',
    address: 'shown',
    urlExample: 'rtmps://….global-contribute.live-video.net/app',
    keyExample: 'sk_…',
    login: 'none',
    tls: 'required',
    hosts: ['fa723fc1b171.global-contribute.live-video.net'],
    limits: { videoBitrate: 8_500_000, size: fullHd },
    sources: [
      {
        title: 'Hyperscape: RTMP streaming, Kick',
        url: 'https://hyperscape-ai-mintlify-docs-update.mintlify.app/devops/rtmp-streaming',
        facts: ['address', 'key', 'tls'],
        read,
      },
      {
        // Kick's servers are Amazon's Interactive Video Service.
        title: 'Amazon IVS: Channel, type STANDARD',
        url: 'https://docs.rs/crate/aws-sdk-ivs/0.2.0/target-redirect/aws_sdk_ivs/model/channel/struct.Builder.html',
        facts: ['videoBitrate', 'size'],
        read,
      },
    ],
  },
  {
    id: 'tiktok',
    group: 'world',
    address: 'shown',
    urlExample: 'rtmp://server/app',
    keyExample: '',
    login: 'none',
    sources: [
      {
        title: 'StreamerSquare: How to Stream on TikTok',
        url: 'https://streamersquare.com/how-to-stream-on-tiktok/',
        facts: ['key'],
        read,
      },
    ],
  },
  {
    id: 'vimeo',
    group: 'world',
    address: 'shown',
    urlExample: 'rtmps://server/live',
    keyExample: '',
    login: 'none',
    hosts: ['vimeo.com'],
    limits: { videoBitrateIs: 'advised', videoBitrate: 5_000_000 },
    sources: [
      {
        title: 'Vimeo Help: Recommended network configuration for streaming',
        url: 'https://help.vimeo.com/hc/pt/articles/12426939452817-Recommended-network-configuration-for-streaming',
        facts: ['videoBitrate'],
        read,
      },
      {
        title: 'Vimeo Help: How can I configure a live stream on OTT',
        url: 'https://help.vimeo.com/hc/en-us/articles/31722598759057-How-can-I-configure-a-live-stream-on-OTT',
        facts: ['key'],
        read,
      },
    ],
  },
  {
    id: 'cloudflare',
    group: 'world',
    address: 'known',
    urlExample: 'rtmps://live.cloudflare.com:443/live',
    keyExample: '',
    login: 'none',
    tls: 'required',
    hosts: ['live.cloudflare.com'],
    sources: [
      {
        title: 'Cloudflare Stream: Start a live stream',
        url: 'https://developers.cloudflare.com/stream/stream-live/start-stream-live/',
        facts: ['address', 'key', 'tls'],
        read,
      },
    ],
  },
  {
    // As "server-config nginx" writes it.
    id: 'nginx-rtmp',
    group: 'servers',
    address: 'form',
    urlExample: 'rtmp://server/live',
    keyExample: 'show?key=KEY',
    login: 'none',
  },
  {
    id: 'srs',
    group: 'servers',
    address: 'form',
    urlExample: 'rtmp://server/live',
    keyExample: 'livestream',
    login: 'none',
    sources: [
      {
        title: 'SRS: Delivery of RTMP, sample',
        url: 'https://github.com/ossrs/srs/wiki/migrate_v4_EN_sample-rtmp',
        facts: ['address', 'key'],
        read,
      },
    ],
  },
  {
    // Its path is the application and the key together; a user and a password go into the query.
    id: 'mediamtx',
    group: 'servers',
    address: 'form',
    urlExample: 'rtmp://server/live',
    keyExample: 'mystream?user=USER&pass=PASSWORD',
    login: 'none',
    sources: [
      {
        title: 'HNode: MediaMTX setup',
        url: 'https://www.mintlify.com/Happyrobot33/HNode/guides/streaming',
        facts: ['address'],
        read,
      },
      {
        title: 'bluenviron/mediamtx: discussion 5669',
        url: 'https://github.com/bluenviron/mediamtx/discussions/5669',
        facts: ['key'],
        read,
      },
    ],
  },
  {
    // By default it asks every RTMP source for a user and a password, in Adobe's way.
    id: 'wowza',
    group: 'servers',
    address: 'form',
    urlExample: 'rtmp://server:1935/live',
    keyExample: 'myStream',
    login: 'usual',
    sources: [
      {
        title: 'Wowza: Enable username/password authentication for RTMP publishing',
        url: 'https://www.wowza.com/docs/how-to-enable-username-password-authentication-for-rtmp-and-rtsp-publishing',
        facts: ['address', 'key', 'login'],
        read,
      },
    ],
  },
  {
    // `live` and `livepkgr` come with it. It asks where Adobe's authentication add-in is installed.
    id: 'adobe',
    group: 'servers',
    address: 'form',
    urlExample: 'rtmp://server/live',
    keyExample: 'livestream',
    login: 'possible',
    sources: [
      {
        title: "Adobe Media Server 5.0.6: Developer's Guide",
        url: 'https://manualmachine.com/macromedia/mediaserver506/2849539-user-guide',
        facts: ['address', 'key', 'login'],
        read,
      },
    ],
  },
] as const satisfies readonly ServiceFacts[];
