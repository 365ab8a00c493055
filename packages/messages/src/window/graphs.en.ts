/** The figures of the last ten minutes, as lines. */
export const graphs = {
  title: 'Performance',
  open: 'Graphs',
  dialog: 'The last minutes of the broadcast',
  close: 'Close',
  lastMinutes_one: 'Last minute',
  lastMinutes_other: 'Last {{count}} minutes',
  wanted: 'Wanted',
  capture: 'Capture losses',
  captureWhy: 'Frames that were not read, or not passed on, in time',
  encoder: 'Encoder losses',
  encoderWhy: 'Frames that the encoder did not keep up with',
  lostBefore: 'Lost before sending',
  lostBeforeWhy: 'Frames that capture or encoder lost since the start; no server got them',
  speed: 'Encoder speed',
  speedWhy: 'How fast capture and encoder are: 1.00× keeps up, less is too slow',
  /** What processor and memory are of: the whole desktop app, or what runs behind a browser. */
  load: {
    program: {
      cpu: 'CPU',
      cpuWhy: 'Of one processor core: the whole program, with every process that belongs to it',
      memory: 'Memory',
      memoryWhy: 'Of the whole program. What its processes share is counted for each of them',
      cpuChart: 'CPU, % of one core',
      memoryChart: 'Memory, MB',
    },
    engine: {
      cpu: 'Engine CPU',
      cpuWhy:
        'Of one processor core: Tallylight’s engine, with ffmpeg. What this browser uses to capture and encode is not in it',
      memory: 'Engine RAM',
      memoryWhy: 'Of Tallylight’s engine, with ffmpeg. What this browser uses is not in it',
      cpuChart: 'CPU of the engine without the browser, % of one core',
      memoryChart: 'Memory of the engine without the browser, MB',
    },
  },
  charts: {
    bitrate: 'Bitrate, kbit/s',
    fps: 'Frame rate, fps',
    lost: 'Frames lost per second',
    roundTrip: 'Round trip (RTT), ms',
    queue: 'Waiting to be sent, ms',
  },
  /** What a graph shows, for those who do not see it. */
  label: '{{title}}. {{span}}. {{lines}}',
  line: '{{name}}: {{now}} now, from {{least}} to {{most}}.',
  lineUnknownNow: '{{name}}: unknown now, from {{least}} to {{most}}.',
  lineUnknown: '{{name}}: nothing known.',
  lost_one: '{{count}} frame was lost.',
  lost_other: '{{count}} frames were lost.',
  nothingLost: 'No frame was lost.',
  marks: 'Lost or ended (▼), and back or begun again (▲)',
} as const;
