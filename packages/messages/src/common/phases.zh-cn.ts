import type { Translation } from '../catalog.js';
import type { morePhases as moreEnglish, phases as english } from './phases.en.js';

export const phases: Translation<typeof english> = {
  camera: {
    short: '来源',
    active: '正在打开来源',
    done: '来源就绪',
    failed: '没有画面',
  },
  encoder: {
    short: '编码器',
    active: '正在启动编码器',
    done: '编码器就绪',
    failed: '编码器出错',
  },
  dns: {
    short: '解析地址',
    active: '正在解析服务器地址',
    done: '已解析服务器地址',
    failed: '无法解析服务器地址',
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
    done: '服务器已接受推流',
    failed: '串流密钥被拒绝',
  },
  acknowledged: {
    short: '收到画面',
    active: '等待服务器收到画面',
    done: '服务器已收到画面',
    failed: '服务器未确认收到画面',
  },
  stable: {
    short: '稳定推流',
    active: '观察 5 秒是否稳定',
    done: '已稳定推流 5 秒',
    failed: '不稳定',
  },
};

export const morePhases: Translation<typeof moreEnglish> = {
  copied: '原样发送',
  upload: '上行带宽',
  proxy: '代理',
  play: '播放',
  streaming: '发送',
  close: '关闭',
};
