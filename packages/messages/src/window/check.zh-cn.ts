import type { Translation } from '../catalog.js';
import type { check as english } from './check.en.js';

export const check: Translation<typeof english> = {
  check: '检查',
  title: '检查 {{name}}',
  close: '关闭检查',
  again: '重新检查',
  cancel: '取消',
  publish: '试推流',
  publishHint: '验证串流密钥，并测上行带宽：试推约十秒黑屏画面，观众可能会看到。',
  testHint: '验证串流密钥，并测上行带宽。这样的测试推流，{{service}} 不会对外显示。',
  isPublic: '正在试推黑屏画面，观众看得到。',
  running: '正在检查……',
  done: '可以开播。',
  answers: '服务器有响应。串流密钥是否有效，试推流后才知道。',
  failed: '检查未通过，现在还不能开播。',
  cancelled: '已取消。',
  certificate: '证书有效期至 {{date}}。',
  upload: '上行带宽：{{measured, number}} kbit/s，可以稳定使用 {{recommended, number}} kbit/s。',
  uploadCapped: '实际可能更高：检查最多测到这个码率。',
  uploadRough: '服务器不反馈收到多少数据，这里按已发出的数据计算。',
  use: '使用 {{bitrate}} kbit/s',
  used: '视频码率为 {{bitrate}} kbit/s。',
  phases: '步骤',
};
