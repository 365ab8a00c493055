export const monitor = {
  open: '查看观众看到的画面',
  cost: '会从服务器拉回直播流：下载的数据量与推送的一样多。',
  picture: '{{name}} 的观众看到的画面',
  connecting: '正在向服务器请求直播流…',
  waiting: '服务器没有返回任何内容。',
  tryingAgain: '会自动重试。',
  elsewhere: '如果观众在别的地址观看，请在下次直播前把它填为该配置的观看地址。',
  delay: '比预览晚 {{seconds}} 秒',
  delayOf: {
    measuring: '正在测量比预览晚多少…',
    still: '画面几乎不动，无法得知比预览晚多少。',
    unsure: '无法得知比预览晚多少：找不到确切吻合的时刻。',
    unknown: '只有显示预览的窗口才能得知晚多少。',
  },
  still: '{{time}} 起画面静止',
  black: '{{time}} 起黑屏',
  silent: '{{time}} 起没有声音',
  health: {
    still: '从 {{name}} 返回的画面自 {{time}} 起静止不动。',
    black: '从 {{name}} 返回的画面自 {{time}} 起为黑屏。',
    silent: '从 {{name}} 返回的直播自 {{time}} 起没有声音。',
  },
};
