import type { Translation } from '../catalog.js';
import type { files as english } from './files.en.js';

export const files: Translation<typeof english> = {
  title: '文件',
  add: '添加文件…',
  repeat: '播完后从头再播',
  copy: '能原样发送的文件不重新编码',
  examining: '正在读取……',
  asItIs: '原样发送',
  encoded: '重新编码',
  sending: '正在传输：{{part}}',
  up: '上移：{{file}}',
  down: '下移：{{file}}',
  drag: '拖动以调整顺序',
  remove: '移除：{{file}}',
  isOn: '“{{file}}”正在播放，先切到下一个文件再移除。',
  playing: '正在播放：{{file}}',
  paused: '已暂停：{{file}}',
  position: '“{{file}}”的播放位置',
  positionOf: '{{at}}，共 {{length}}',
  pause: '暂停',
  resume: '继续',
  next: '下一个',
  drop: '松开鼠标，添加文件',
};
