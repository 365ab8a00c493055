import type { Translation } from '../catalog.js';
import type { remedies as english } from './remedies.en.js';

export const remedies: Translation<typeof english> = {
  'file-exists': '换一个文件名：已经存在的文件不会被覆盖。',
  'file-empty': '文件里没有内容，请换一个文件。',
  'no-media-file': '请选择视频或图片，并确认它在别处可以播放。',
  'is-folder': '请在这个文件夹里指定一个文件名。',
  'no-such-folder': '先新建这个文件夹，或者换一个。',
  'path-part-not-folder': '请检查路径。',
  'no-file-made-there': '换一个文件夹。',
  'permission-denied': '检查权限，或者换一个位置。',
  'name-too-long': '换一个短一些的文件名。',
  'disk-full': '清理磁盘空间，或者换一个磁盘。',
  'disk-nearly-full': '清理磁盘空间，或者换一个磁盘。',
  'file-removed': '请重新录制，录制结束之前不要移动或删除文件。',
  'replay-empty': '请稍后再试。',
  'replay-busy': '请稍后再试。',
  'replay-off': '在“录制”里为回放选一个时长，下次开始时生效。',
  'folder-not-whole': '从根目录开始填写文件夹，例如 /home/me/Videos 或 D:\\Videos。',
  'quota-full': '清理磁盘空间，或者换一个磁盘。',
  'disk-read-only': '换一个磁盘。',
  'no-such-file': '检查文件名和所在的文件夹。',
  'not-exported-profiles': '请使用“profiles export”导出的内容。',
  'exported-by-newer': '先更新这里的 Tallylight，再导入一次。',
  'not-folder': '请指定一个文件夹。',
  'publish-key-missing': '在流名后面加上 ?key=密钥；密钥请向服务器的管理者索取。',
  'publish-key-wrong': '请向服务器的管理者确认推流密钥，它写在 ?key= 后面。',
  'closed-without-tls':
    '检查服务器地址里的端口，也试试把 rtmp:// 换成 rtmps://：服务器可能只支持 TLS。',
  'silent-with-tls': '检查端口；服务器可能过载，也可能要用 rtmp://。',
  'port-for-source':
    '用 --listen HOST:PORT 换一个端口。如果那里运行的是 tallylight serve，就推流到它，再用 --source {{url}} 从它那里取流。',
};
