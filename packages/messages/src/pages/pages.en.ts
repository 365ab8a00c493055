/** What only the pages for a browser say: the viewer of the built-in server, and the refusals of servers. */
export const pages = {
  viewer: {
    title: 'Tallylight viewer',
    streamTitle: '{{stream}} · Tallylight',
    looking: 'Looking for streams…',
    player: 'Player',
    video: 'Live stream',
    soundOn: 'Turn sound on',
    liveNow: 'Live now',
    noStreams: 'No streams',
    needsScript: 'This page needs JavaScript to play a stream.',
    live: 'Live: {{stream}}',
    ending: 'Nothing new comes of {{stream}}: showing the rest',
    connecting: 'Connecting…',
    connectingTo: 'Connecting to {{stream}}…',
    nothing: 'Nothing is live',
    nothingStatus: 'Offline: nothing is live',
    nothingHint: 'Publish to this server and the picture appears here.',
    away: '{{stream}} is offline',
    awayStatus: 'Offline: {{stream}}',
    awayHint: 'It plays here as soon as it is back.',
    gone: 'The server does not answer',
    goneStatus: 'Offline: the server does not answer',
    goneHint: 'The page connects again by itself when the server is back.',
    held: 'Not playing',
    heldStatus: 'Not playing: {{stream}}',
    heldHint: 'Nothing is loaded until you press Play.',
    start: 'Play',
    paused: 'Paused; plays on from the newest picture',
    unplayable: 'This browser cannot play {{stream}} this way',
    unplayableStatus: 'Cannot be played here: {{stream}}',
    unplayableHint: 'It may play in another way, or in another browser.',
    way: 'Play over',
    automatic: 'Automatic ({{way}})',
    automaticNone: 'Automatic',
    behind: 'About {{seconds}} s behind the newest picture',
    behindSound: 'About {{seconds}} s behind the newest sound',
    embed: 'Show on another page',
    embedHint:
      'Put this code into the page. Whoever opens that page must be able to reach this address.',
    embedUntil: 'It works until {{time}}, as the link does with which this page was opened.',
    embedCode: 'Embed code',
    embedCopy: 'Copy',
    embedCopied: 'Copied',
    embedNotCopied: 'The browser did not let it be copied. The code is selected.',
    unnamed: 'No stream is named',
    unnamedHint: 'The address of this page names it: /player.html?streamer=APP&file=STREAM.',
    elsewhere: 'Not a stream of this server',
    elsewhereRtmpHint:
      'A browser cannot play RTMP, and this page plays only what is live on {{here}}. Look for a player page on {{host}}, or open the address in a media player that knows RTMP.',
    elsewhereHint:
      'This page plays only what is live on {{here}}. Open the address itself, on {{host}}.',
    sound: '{{kilohertz}} kHz sound',
    players_one: '{{count}} player',
    players_other: '{{count}} players',
  },
  /** What a publisher without the right key is told over RTMP. */
  publishKey: {
    missing: 'This server wants its publish key: add ?key=KEY to the stream name.',
    wrong: 'The publish key is wrong.',
  },
  /** What else a publisher may be told over RTMP. */
  publisher: {
    hookRefused: 'The program that is asked who may publish here (on_publish) does not allow it.',
    hookSilent:
      'The program that is asked who may publish here (on_publish) does not answer. Try again later.',
    tooFast: 'More is sent than this server takes from one publisher (--max-bitrate).',
    tooLong: 'This server ends every stream after this time (--max-duration).',
  },
  /** One sentence each: why, then where to go. */
  refusals: {
    otherHost: {
      title: 'Not by this name',
      text: 'This server answers only to localhost and 127.0.0.1.',
    },
    otherPage: {
      title: 'Not from this page',
      text: 'This server is for this machine only, and pages of other sites may not read its streams. Watch on its own page, or let it listen on an address of the network.',
    },
    playKeyMissing: {
      title: 'To watch you need a link',
      text: 'This server lets nobody watch without a link or its play key: open the link that you were sent, or add ?key=KEY to the address.',
    },
    playKeyWrong: {
      title: 'Not with this key',
      text: 'The play key or the link is wrong: look whether the whole address was copied.',
    },
    linkExpired: {
      title: 'This link has expired',
      text: 'This link has expired. Ask whoever sent it for another one.',
    },
    linkElsewhere: {
      title: 'Not with this link',
      text: 'This link is for another stream.',
    },
    hookRefused: {
      title: 'Not allowed',
      text: 'The program that is asked who may watch here does not allow it.',
    },
    hookSilent: {
      title: 'Not possible right now',
      text: 'The program that is asked who may watch here does not answer. Try again later.',
    },
    noStream: {
      title: 'Nobody is live here',
      text: 'Nobody publishes a stream of that name right now.',
    },
    nothing: {
      title: 'There is nothing here',
      text: 'The list of streams is at /. Streams are at /APP/STREAM.flv, /APP/STREAM/index.m3u8 (HLS) and /APP/STREAM/manifest.mpd (DASH).',
    },
    segmentGone: {
      title: 'Not here any more',
      text: 'There is no such part of the stream, or not any more.',
    },
    segmentFarAhead: {
      title: 'Not yet',
      text: 'That part of the stream is too far ahead to wait for.',
    },
    segmentLate: {
      title: 'Nothing to play yet',
      text: 'The stream has sent nothing that can be played this way. HLS and DASH take H.264, HEVC or AV1 pictures, and AAC, Opus, FLAC or MP3 sound.',
    },
    method: { title: 'Not that way', text: 'Only GET and HEAD are answered here.' },
    noAccess: {
      title: 'This window has no access to Tallylight',
      text: 'Tallylight opens only with the link that it prints when it starts. The link works once, in one browser; after that, reloading works in the same browser. To get in, start it again (npx tallylight studio) and open the new link.',
    },
  },
} as const;
