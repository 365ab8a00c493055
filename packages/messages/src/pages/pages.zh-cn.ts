import type { Translation } from '../catalog.js';
import type { pages as english } from './pages.en.js';

export const pages: Translation<typeof english> = {
  viewer: {
    title: 'Tallylight 观看页',
    streamTitle: '{{stream}} · Tallylight',
    looking: '正在查找直播……',
    player: '播放器',
    video: '直播画面',
    soundOn: '打开声音',
    liveNow: '正在直播',
    noStreams: '没有直播',
    needsScript: '播放直播需要启用 JavaScript。',
    live: '直播中：{{stream}}',
    connecting: '正在连接……',
    connectingTo: '正在连接 {{stream}}……',
    nothing: '现在没有直播',
    nothingStatus: '离线：现在没有直播',
    nothingHint: '向这台服务器推流，画面就会出现在这里。',
    away: '{{stream}} 已离线',
    awayStatus: '离线：{{stream}}',
    awayHint: '恢复后会自动在这里播放。',
    gone: '服务器没有响应',
    goneStatus: '离线：服务器没有响应',
    goneHint: '服务器恢复后，页面会自动重新连接。',
    sound: '音频 {{kilohertz}} kHz',
    players_other: '{{count}} 人在看',
  },
  publishKey: {
    missing: '这个服务器需要推流密钥：请在流名后面加上 ?key=密钥。',
    wrong: '推流密钥不对。',
  },
  refusals: {
    otherHost: {
      title: '不能用这个名称访问',
      text: '这台服务器只接受以 localhost 或 127.0.0.1 访问。',
    },
    noStream: { title: '这里没有直播', text: '现在没有人推这个名称的流。' },
    nothing: {
      title: '这里没有内容',
      text: '直播列表在 /，直播流在 /应用/流.flv、/应用/流/index.m3u8（HLS）和 /应用/流/manifest.mpd（DASH）。',
    },
    segmentGone: { title: '已经没有这一段', text: '这条流没有这个分片，或者分片已经过期。' },
    segmentFarAhead: { title: '还没到', text: '请求的分片还远未生成，无法等待。' },
    segmentLate: {
      title: '还没有可以播放的内容',
      text: '这条流还没有能以这种方式播放的内容。HLS 和 DASH 需要 H.264、HEVC 或 AV1 画面，以及 AAC、Opus、FLAC 或 MP3 声音。',
    },
    method: { title: '不支持这种请求', text: '这里只响应 GET 和 HEAD 请求。' },
    noAccess: {
      title: '这个窗口无权访问 Tallylight',
      text: '只有用 Tallylight 启动时显示的链接才能打开它。链接只能在一个浏览器里使用一次，之后在同一个浏览器里刷新仍然有效。要重新进入，请重新启动（npx tallylight studio）并打开新链接。',
    },
  },
};
