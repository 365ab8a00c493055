import type { Translation } from '../catalog.js';
import type { check as english } from './check.en.js';

export const check: Translation<typeof english> = {
  check: '检查',
  title: '检查 {{name}}',
  close: '关闭检查',
  again: '重新检查',
  cancel: '取消',
  publish: '短暂推流检查',
  publishHint: '试用串流密钥并测量上行带宽：推送黑色画面约十秒，观众可能会看到。',
  testHint: '试用串流密钥并测量上行带宽。{{service}} 不会给任何人看这样的测试。',
  isPublic: '正在推送黑色画面：观众能看到。',
  running: '正在检查……',
  done: '可以开播。',
  answers: '服务器有应答。它是否接受串流密钥，要短暂推流才知道。',
  failed: '这样无法开播。',
  cancelled: '已取消。',
  certificate: '证书有效期至 {{date}}。',
  upload: '上行带宽：{{measured, number}} kbit/s，可以稳定使用 {{recommended, number}} kbit/s。',
  uploadCapped: '没有再往上测。',
  uploadRough: '服务器不报告收到了多少，这是已经发出的数据。',
  use: '使用 {{bitrate}} kbit/s',
  used: '视频码率为 {{bitrate}} kbit/s。',
  phases: '步骤',
};
