import type { Translation } from '../catalog.js';
import type { morePhases as moreEnglish, phases as english } from './phases.en.js';

export const phases: Translation<typeof english> = {
  camera: {
    short: '来源',
    active: '正在打开画面来源',
    done: '画面来源就绪',
    failed: '没有画面',
  },
  encoder: {
    short: '编码器',
    active: '正在启动编码器',
    done: '编码器运行正常',
    failed: '编码器出错',
  },
  dns: {
    short: '解析地址',
    active: '正在查找服务器',
    done: '找到服务器',
    failed: '找不到服务器',
  },
  tcp: {
    short: '连接',
    active: '正在连接服务器',
    done: '已连接',
    failed: '连接失败',
  },
  tls: { short: '加密', active: '正在加密', done: '已加密', failed: '加密失败' },
  handshake: {
    short: '握手',
    active: 'RTMP 握手',
    done: 'RTMP 握手',
    failed: 'RTMP 握手失败',
  },
  connect: {
    short: '应用',
    active: '正在请求应用',
    done: '应用已接受',
    failed: '应用被拒绝',
  },
  publish: {
    short: '推流',
    active: '正在提交串流密钥',
    done: '服务器同意推流',
    failed: '串流密钥被拒绝',
  },
  acknowledged: {
    short: '首批数据',
    active: '等待服务器确认首批数据',
    done: '首批数据已确认',
    failed: '服务器没有确认数据',
  },
  stable: {
    short: '稳定',
    active: '观察 5 秒',
    done: '已稳定 5 秒',
    failed: '不稳定',
  },
};

export const morePhases: Translation<typeof moreEnglish> = {
  proxy: '代理',
  play: '播放',
  streaming: '发送',
  close: '关闭',
};
