import type { Translation } from '../catalog.js';
import type { errors as english } from './errors.en.js';

export const errors: Translation<typeof english> = {
  INVALID_URL: {
    message: '服务器地址“{{url}}”不正确：{{reason}}。',
    remedy: '正确的格式是 rtmp://主机/应用 或 rtmps://主机/应用。',
  },
  EMPTY_KEY: {
    message: '“{{destination}}”没有串流密钥。',
    remedy: '大多数服务器都需要：从直播平台的后台复制串流密钥。',
  },
  KEY_WITH_SPACE: {
    message: '“{{destination}}”的串流密钥中间有空格。',
    remedy: '如果是多复制了内容，请重新填写。',
  },
  KEY_NOT_ASCII: {
    message: '“{{destination}}”的串流密钥里有全角字符或其他不常见的字符。',
    remedy: '全角字符可能来自输入法，请重新复制密钥。',
  },
  KEY_IS_ADDRESS: {
    message: '“{{destination}}”的串流密钥里有一个地址。',
    remedy: '地址应填到服务器地址里，串流密钥只填密钥本身。',
  },
  KEY_IN_URL: {
    message: '“{{destination}}”的服务器地址末尾看起来像是串流密钥。',
    remedy: '如果是，请填到串流密钥里：地址里的内容会显示出来，也会被导出。',
  },
  URL_READ_AS: {
    message: '这个地址理解为 {{host}} 上的应用“{{app}}”，后面的是流名。',
    remedy: '如果服务器拒绝，会再试其他常见的理解方式；也可以用 --app 和 --key 说明。',
  },
  URL_WITHOUT_APP: {
    message: '服务器地址 {{url}} 里没有应用名，例如 {{example}} 里的 live。',
    remedy: '大多数服务器都需要应用名：从直播平台的后台复制完整的地址。',
  },
  SERVICE_NEEDS_TLS: {
    message: '{{service}} 只接受加密连接。',
    remedy: '服务器地址请以 rtmps:// 开头。',
  },
  SERVICE_VIDEO_BITRATE: {
    message: '{{service}} 最高接受 {{most, number}} kbit/s，您的是 {{given, number}}。',
    remedy: '请选择 {{most, number}} kbit/s 或更低，否则画面可能会丢失。',
  },
  SERVICE_VIDEO_BITRATE_ADVISED: {
    message: '{{service}} 建议这个尺寸不超过 {{most, number}} kbit/s，您的是 {{given, number}}。',
    remedy: '更高只会多占上行带宽，观众看不出差别。',
  },
  SERVICE_AUDIO_BITRATE: {
    message: '{{service}} 的声音最高接受 {{most, number}} kbit/s，您的是 {{given, number}}。',
    remedy: '请选择 {{most, number}} kbit/s 或更低。',
  },
  SERVICE_SIZE: {
    message: '{{service}} 的画面最大为 {{most}}，您的是 {{given}}。',
    remedy: '请选择更小的尺寸。',
  },
  SERVICE_FPS: {
    message: '{{service}} 每秒最多 {{most, number}} 帧，您的是 {{given, number}} 帧。',
    remedy: '请选择 {{most, number}} 帧或更少。',
  },
  SERVICE_KEYFRAMES: {
    message:
      '{{service}} 要求至少每 {{most, number}} 秒一个关键帧，您的是每 {{given, number}} 秒。',
    remedy: '请把关键帧间隔设为 {{most, number}} 秒或更短。',
  },
  SERVICE_CODEC: {
    message: '{{service}} 接受 {{most, either}}，您的是 {{given}}。',
    remedy: '请重新编码，或发送到别处。',
  },
  SERVICE_NEEDS_SOUND: {
    message: '{{service}} 要求有声音，现在没有。',
    remedy: '请选择一个麦克风，静音的也可以。',
  },
  CERTIFICATE_ENDS: {
    message: '{{host}} 的证书还有 {{days, number}} 天到期。',
    remedy: '须由服务器的管理者更新，到期后就无法连接。',
  },
  CHECK_ON_AIR: {
    message: '“{{destination}}”正在直播，检查会干扰它。',
    remedy: '请在直播之前或之后检查。',
  },
  CHECK_RUNNING: {
    message: '“{{destination}}”正在检查中。',
    remedy: '请等检查完成，或取消它。',
  },
  INVALID_OPTION: {
    message: '{{reason}}',
    remedy: '修改后再试。',
  },
  PROFILE_NOT_FOUND: {
    message: '没有名为“{{profile}}”的推流配置。',
    remedy: '选一个已保存的配置，或者先新建一个。',
  },
  PROFILE_DELETED_ELSEWHERE: {
    message: '推流配置“{{profile}}”连同串流密钥已被另一个窗口或命令删除。',
    remedy: '这里填写的内容会作为新的配置：填好串流密钥，再保存。',
  },
  PROFILE_READ_ONLY: {
    message: '“{{profile}}”是 Tallylight 自带的配置，不能修改，也不能删除。',
    remedy: '要推流到别处，请新建一个配置。',
  },
  PROFILE_NAME_TAKEN: {
    message: '已经有一个名为“{{profile}}”的配置。',
    remedy: '换一个名称。',
  },
  PROFILE_NAMELESS: {
    message: '这个配置没有名称。',
    remedy: '起一个你认得出的名称。',
  },
  PROFILE_NAME_TOO_LONG: {
    message: '名称有 {{length}} 个字，最多 {{longest}} 个。',
    remedy: '请换一个短一些的名称。',
  },
  PROFILE_NAME_IS_URL: {
    message: '配置的名称是一个地址，地址末尾可能带有串流密钥，而名称是明文显示的。',
    remedy: '起一个名称，例如“B 站”，把地址填到服务器地址里。',
  },
  PROFILE_NAME_IS_KEY: {
    message: '配置的名称里像是有串流密钥，而名称是明文显示的。',
    remedy: '起一个名称，例如“B 站”，把密钥填到串流密钥里。',
  },
  PROFILE_VALUE_TOO_LONG: {
    message: '{{field}}有 {{length}} 个字符，最多 {{longest}} 个。',
    remedy: '请检查是不是多复制了内容。',
  },
  PROFILE_WITHOUT_URL: {
    message: '这个配置没有服务器地址。',
    remedy: '从直播平台的后台复制，以 rtmp:// 或 rtmps:// 开头。',
  },
  PLAY_URL_INVALID: {
    message: '观看地址不是可以播放的地址。',
    remedy: '请填写 RTMP 地址，或以 .flv、.m3u8、.mpd 结尾的 HTTP 地址。',
  },
  KEY_UNREADABLE: {
    message: '“{{profile}}”保存的串流密钥在这台电脑上无法解密：{{reason}}。',
    remedy: '重新填写密钥并保存这个配置。',
  },
  HOST_NOT_FOUND: {
    message: '找不到服务器“{{host}}”。',
    remedy: '检查服务器地址有没有写错，以及网络是否连通。',
  },
  CONNECTION_REFUSED: {
    message: '{{host}} 拒绝连接（端口 {{port}}）。',
    remedy: '检查服务器地址里的端口，并确认服务器正在运行。',
  },
  HOST_UNREACHABLE: {
    message: '当前网络无法连到 {{host}}。',
    remedy: '检查网络连接、VPN 和防火墙。',
  },
  CONNECT_TIMEOUT: {
    message: '{{host}} 没有及时应答（端口 {{port}}）。',
    remedy: '检查服务器地址；端口可能被防火墙挡住了。',
  },
  SERVER_SILENT: {
    message: '{{host}} 接受了连接，但之后没有应答（步骤：{{phase}}）。',
    remedy: '检查端口；服务器可能过载，也可能要用 rtmps://。',
  },
  NOT_RTMP: {
    message: '{{host}}:{{port}} 上的服务不是 RTMP（{{reason}}）。',
    remedy: '检查服务器地址里的端口：RTMP 一般是 1935，RTMPS 一般是 443。',
  },
  TLS_NOT_SPOKEN: {
    message: '{{host}}:{{port}} 不支持 TLS。',
    remedy: '把 rtmps:// 改成 rtmp://，或者改用服务器的 TLS 端口。',
  },
  TLS_CERTIFICATE: {
    message: '{{host}} 的证书不可信：{{reason}}。',
    remedy: '检查主机名和系统时间；无法验证的服务器，绝不要把密钥发给它。',
  },
  CONNECTION_LOST: {
    message: '与 {{host}} 的连接断开了（{{reason}}）。',
    remedy: '检查网络连接，然后重试。',
  },
  CLOSED_AT_PUBLISH: {
    message: '申请推流时 {{host}} 直接断开了连接：可能是串流密钥不对，也可能是服务器正在重启。',
    remedy: '检查串流密钥，确认服务器在运行，然后重试。',
  },
  APP_REJECTED: {
    message: '{{host}} 拒绝了应用“{{app}}”：{{reason}}。',
    remedy: '检查服务器地址里主机后面的路径。',
  },
  APP_MISSING: {
    message: '{{host}} 拒绝了没有应用名的地址：{{reason}}。',
    remedy: '在服务器地址里加上应用名，例如 {{example}}。',
  },
  STREAM_REFUSED: {
    message: '{{host}} 拒绝了推流：{{reason}}。',
    remedy: '检查串流密钥，并确认直播间已经开启。',
  },
  STREAM_BUSY: {
    message: '{{host}} 上已经有人在推这路流。',
    remedy: '停掉用同一密钥的另一场推流，或者等服务器把它释放。',
  },
  STREAM_HELD: {
    message: '{{host}} 还占着你上一次的连接。',
    remedy:
      '在服务器放开之前会一直重试：多半在两分钟以内；没有配置 drop_idle_publisher 的 nginx-rtmp 要一刻钟，或者重启它。',
  },
  KEEPS_CLOSING: {
    message: '每次连上 {{host}}，过几秒就断。',
    remedy:
      '可能是线路不稳，也可能是服务器把你踢了下来：看看同一密钥是不是也在别处推流。会继续重试，只是越来越不频繁。',
  },
  CLOSED_AFTER_PUBLISH: {
    message: '刚开始推流，{{host}} 就断开了连接。',
    remedy: '检查串流密钥：可能写错了、正被别处使用，或者还没有启用。也可能是服务器不允许你推流。',
  },
  AUTH_REQUIRED: {
    message: '{{host}} 需要用户名和密码。',
    remedy: '在推流配置里填写，或者用 --user 和 --password-env 指定。',
  },
  AUTH_FAILED: {
    message: '{{host}} 不接受这个用户名和密码。',
    remedy: '请检查用户名和密码；它们不一定和平台网页的登录账号相同。',
  },
  STREAM_NOT_FOUND: {
    message: '{{host}} 上没有这个名称的流。',
    remedy: '检查地址，并确认有人正在推这路流。',
  },
  PLAY_REFUSED: {
    message: '{{host}} 不允许播放这路流：{{reason}}。',
    remedy: '检查地址和里面的令牌；服务器可能只允许部分观众、部分地区播放。',
  },
  NO_MEDIA_RECEIVED: {
    message: '{{seconds}} 秒内没有从 {{host}} 收到任何画面和声音。',
    remedy: '这路流可能还没有开播：检查流名，并确认有人正在推流。',
  },
  FFMPEG_MISSING: {
    message: '找不到可用的 ffmpeg（{{reason}}）。',
    remedy: '安装 ffmpeg，或者用环境变量 TALLYLIGHT_FFMPEG 指定它的路径。',
  },
  FILE_UNREADABLE: {
    message: '无法读取文件“{{file}}”：{{reason}}。',
    remedy: '检查路径和权限，并确认它是音视频文件。',
  },
  NO_VIDEO: {
    message: '“{{file}}”里没有画面。',
    remedy: '换一个有画面的文件。',
  },
  CODEC_NOT_COPYABLE: {
    message: '“{{file}}”的编码是 {{codec, list}}，不能原样发送。',
    remedy: '去掉 --copy，让 Tallylight 重新编码成 H.264 和 AAC。',
  },
  FILE_NOT_COPYABLE: {
    message: '“{{file}}”不能原样发送：{{reason}}。',
    remedy: '去掉 --copy，让 Tallylight 重新编码成 H.264 和 AAC。',
  },
  FILE_FAILED: {
    message: '发送“{{file}}”时中断：{{reason}}。',
    remedy: '用播放器看看能不能放到最后；不能的话，先把它转换一遍。',
  },
  FILE_DAMAGED: {
    message: '“{{file}}”已损坏或者不完整：{{reason}}。能读出来的部分都已发送。',
    remedy: '重新拷贝或下载这个文件；如果做不到，就先把它转换一遍。',
  },
  FILE_LIST_EMPTY: {
    message: '没有可以播放的文件。',
    remedy: '请先把文件添加到列表里。',
  },
  FILE_LIST_FULL: {
    message: '列表里最多可以放 {{maximum}} 个文件。',
    remedy: '请先移除一些。',
  },
  FILE_IN_USE: {
    message: '“{{file}}”正在播放。',
    remedy: '先切到下一个文件，再移除它。',
  },
  FILE_NOT_TAKEN: {
    message: '无法把“{{file}}”传给引擎：{{reason}}。',
    remedy: '请重新添加；如果文件很大，先移除不再需要的文件。',
  },
  NOT_PLAYING: {
    message: '现在没有在播放文件。',
    remedy: '请先把摄像头选为“文件”，然后开播。',
  },
  CAMERA_IN_USE: {
    message: '摄像头“{{device}}”正被其他程序占用。',
    remedy: '关掉占用它的程序（浏览器标签页、OBS、视频会议），再试一次。',
  },
  CAMERA_NOT_FOUND: {
    message: '找不到摄像头“{{device}}”。',
    remedy: '把它插好，或者换一个。',
  },
  CAMERA_DENIED: {
    message: '没有使用摄像头或麦克风的权限。',
    remedy: '在系统的隐私设置和浏览器的网站设置里允许使用。',
  },
  CAMERA_MODE: {
    message: '摄像头“{{device}}”不支持 {{mode}}。',
    remedy: '换一个分辨率或帧率。',
  },
  MICROPHONE_FAILED: {
    message: '麦克风“{{device}}”打不开：{{reason}}。',
    remedy: '关掉占用它的程序，或者换一个麦克风。',
  },
  CAPTURE_STALLED: {
    message: '“{{device}}”已经 {{seconds}} 秒没有画面。',
    remedy: '把摄像头拔下再插上，或者换一个。',
  },
  CAPTURE_FAILED: {
    message: '采集中断：{{reason}}。',
    remedy: '检查设备后再试一次。',
  },
  SOURCE_EMPTY: {
    message: '“{{source}}”一帧画面都没有就结束了。',
    remedy: '确认里面有能解码的画面，或者换一个来源。',
  },
  CANNOT_CHANGE_BITRATE: {
    message: '直播时不能改“{{source}}”的码率。',
    remedy: '先下播，改好码率再开播；或者改用 WebCodecs 编码。',
  },
  ENCODER_FAILED: {
    message: '编码器 {{encoder}} 出错：{{reason}}。',
    remedy: '换一种编码方式、换一个编码器，或者降低分辨率。',
  },
  RECORDING_FAILED: {
    message: '无法录制到“{{file}}”：{{reason}}。',
    remedy: '检查文件夹、权限和剩余空间。',
  },
  FILE_UNWRITABLE: {
    message: '无法写入“{{file}}”：{{reason}}。',
    remedy: '检查权限、剩余空间，以及读取它的程序。',
  },
  FOLDER_NOT_SHOWN: {
    message: '无法显示“{{file}}”所在的文件夹：{{reason}}。',
    remedy: '复制路径，自己打开文件夹。',
  },
  PORT_IN_USE: {
    message: '{{address}} 已被占用。',
    remedy: '停掉占用它的程序，或者换一个端口。',
  },
  SERVER_IN_USE: {
    message: '你自己的直播正在使用内置服务器。',
    remedy: '先下播。',
  },
  SERVER_OFF: {
    message: '内置服务器没有运行。',
    remedy: '先打开它。',
  },
  SERVER_KEY_MISSING: {
    message: '内置服务器缺少密钥，没有密钥就不会对外开放。',
    remedy: '生成一个新密钥。',
  },
  SERVER_KEY_UNREADABLE: {
    message: '内置服务器保存的密钥在这台电脑上无法解密：{{reason}}。',
    remedy: '生成一个新密钥，并告诉推流和观看的人。',
  },
  SERVER_FOLDER_UNUSABLE: {
    message: '无法录制到 {{folder}}：{{reason}}。',
    remedy: '选择一个已有的、你的账户可以写入的文件夹。',
  },
  SETTINGS_CORRUPT: {
    message: '文件“{{name}}”无法读取，已改名保留为“{{file}}”。',
    remedy: 'Tallylight 会在没有其中内容的情况下继续运行，这些内容可以重新填写。',
  },
  SETTINGS_MENDED: {
    message: '画面的 {{field}} 原来设为 {{was}}，这个值无法编码，已改用 {{now}}。',
    remedy: '如果不合适，请另选一个分辨率。',
  },
  DATA_FOLDER_UNUSABLE: {
    message: '文件夹“{{folder}}”不能用来保存推流配置和设置：{{reason}}。',
    remedy: '让你的账户可以写入它，或者换一个文件夹。',
  },
  SETTINGS_UNREADABLE: {
    message: '无法读取文件“{{file}}”：{{reason}}。',
    remedy: '解决这个问题后重新启动；文件内容没有改动。',
  },
  SETTINGS_UNWRITABLE: {
    message: '无法保存文件“{{file}}”：{{reason}}。',
    remedy: '解决这个问题后再保存一次；之前保存的内容还在。',
  },
  BROADCAST_ACTIVE: {
    message: '已经在直播了。',
    remedy: '先下播，再重新开播。',
  },
  NOT_BROADCASTING: {
    message: '现在没有在直播。',
    remedy: '请先开播。',
  },
  NO_DESTINATION_TICKED: {
    message: '没有勾选推流目的地。',
    remedy: '在“推流目的地”里勾选一个，或者新建一个配置。',
  },
  TOO_MANY_DESTINATIONS: {
    message: '勾选了 {{count}} 个推流目的地，同时最多 {{most}} 个。',
    remedy: '请取消勾选不需要的。',
  },
  OUTPUT_NOT_FOUND: {
    message: '这场直播里没有输出“{{output}}”。',
    remedy: '它可能已被移除或已经结束，请看输出列表。',
  },
  OUTPUT_ACTIVE: {
    message: '这场直播已经在往“{{output}}”推流。',
    remedy: '先移除它，或者选另一个。',
  },
  ENGINE_GONE: {
    message: '与 Tallylight 后台程序的连接断开了。',
    remedy: '请重新启动 Tallylight。',
  },
  STUDIO_GONE: {
    message: '与 Tallylight 后台程序的连接断开了。',
    remedy: '请重新运行“npx tallylight studio”，并打开它显示的新链接；这个页面不会自动恢复。',
  },
  WINDOW_REFUSED: {
    message: 'Tallylight 后台程序拒绝了这个窗口：链接已过期或已经用过。',
    remedy: '打开“npx tallylight studio”显示的链接，或者重新运行它得到新链接。',
  },
  WINDOW_GONE: {
    message: '推流的窗口被关闭或刷新了。',
    remedy: '请重新开播；直播时不要关闭或刷新推流的窗口。',
  },
  INTERNAL: {
    message: '出现意外错误：{{reason}}。',
    remedy: '请附上日志反馈给我们。',
  },
};
