import type { Translation } from '../catalog.js';
import type { presetGroups as englishGroups, presets as english } from './presets.en.js';

export const presets: Translation<typeof english> = {
  own: { name: '自己的地址', hint: '' },
  bilibili: {
    name: '哔哩哔哩',
    hint: '在直播中心的“开播设置”里开播后，会显示服务器地址和串流密钥。密钥以 ?streamname= 开头。',
  },
  douyin: {
    name: '抖音',
    hint: '有第三方推流权限的账号，每次开播时会显示推流地址和密钥。密钥过一段时间就失效：请在开播前再复制。',
  },
  huya: {
    name: '虎牙',
    hint: '虎牙在推流设置里只给出一个地址。把整个地址粘贴到“服务器地址”，会自动拆分。',
  },
  douyu: {
    name: '斗鱼',
    hint: '打开直播间后，推流设置里会显示推流地址和推流码。每次开播的推流码都不同。',
  },
  kuaishou: {
    name: '快手',
    hint: '快手每次开播给出一个推流地址，两天内有效。把整个地址粘贴到“服务器地址”，会自动拆分。',
  },
  'wechat-channels': {
    name: '微信视频号',
    hint: '在视频号助手里创建直播后，会显示推流地址和推流密钥，每场直播都不同。',
  },
  twitch: {
    name: 'Twitch',
    hint: '密钥在创作者仪表板的“设置 → 直播”里。也可以把更近的服务器填到“服务器地址”。',
  },
  youtube: {
    name: 'YouTube',
    hint: '密钥在 YouTube 工作室的“创建 → 开始直播 → 直播”里。',
  },
  facebook: {
    name: 'Facebook',
    hint: '密钥在 Live Producer 的“直播软件”里。须在一天内开播，最长八小时。',
  },
  kick: {
    name: 'Kick',
    hint: '地址和密钥在创作者仪表板的直播设置里。地址须以 rtmps:// 开头、以 /app 结尾。',
  },
  tiktok: {
    name: 'TikTok',
    hint: '可以用电脑直播的账号，每次开播时会显示服务器地址和串流密钥。',
  },
  vimeo: {
    name: 'Vimeo',
    hint: '地址和密钥在活动页面连接编码器（RTMPS）的地方。',
  },
  cloudflare: {
    name: 'Cloudflare Stream',
    hint: '密钥在控制台里，在您创建的直播输入中。',
  },
  'nginx-rtmp': {
    name: 'nginx（带 RTMP 模块）',
    hint: '串流密钥就是流名；服务器需要推流密钥时，在后面加上 ?key=密钥。',
  },
  srs: { name: 'SRS', hint: '串流密钥就是流名，可以自己取。' },
  mediamtx: {
    name: 'MediaMTX',
    hint: '应用名和串流密钥合起来就是路径。用户名和密码写在密钥后面：?user=…&pass=…。',
  },
  wowza: {
    name: 'Wowza Streaming Engine',
    hint: '串流密钥就是流名。Wowza 默认要求用户名和密码，在 Server → Source Authentication 里设置。',
  },
  adobe: {
    name: 'Adobe Media Server',
    hint: '串流密钥就是流名。应用名是 live；要打包成 HTTP 播放则用 livepkgr，并在流名后面加上 ?adbe-live-event=liveevent。安装了认证插件时要求用户名和密码。',
  },
};

export const presetGroups: Translation<typeof englishGroups> = {
  general: '任意服务器',
  china: '中国的平台',
  world: '其他平台',
  servers: '自己的服务器',
};
