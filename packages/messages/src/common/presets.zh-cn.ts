import type { Translation } from '../catalog.js';
import type { presets as english } from './presets.en.js';

export const presets: Translation<typeof english> = {
  own: { name: '任意 RTMP 服务器', hint: '' },
  'nginx-rtmp': {
    name: 'nginx（带 RTMP 模块）',
    hint: '串流密钥就是流名；服务器需要推流密钥时，在后面加上 ?key=密钥。',
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
