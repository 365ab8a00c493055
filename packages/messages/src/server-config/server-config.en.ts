/** What stands in the configurations that "server-config" writes, for whoever reads and changes them. */
export const serverConfig = {
  head: {
    nginx: {
      single: 'One nginx with its RTMP module: takes streams in and hands them out.',
      origin:
        'The origin: one nginx with its RTMP module, which takes the streams in. Viewers go to its edges.',
      edge: 'An edge: one nginx with its RTMP module, which fetches from the origin {{origin}} what its viewers ask for. Any number of edges can stand beside each other.',
    },
    srs: {
      single: 'One SRS: takes streams in and hands them out.',
      origin: 'The origin: one SRS, which takes the streams in. Viewers go to its edges.',
      edge: 'An edge: one SRS, which fetches from the origin {{origin}} what its viewers ask for. Any number of edges can stand beside each other.',
    },
    install: 'Debian and Ubuntu: apt install nginx libnginx-mod-rtmp',
    check: 'Check',
    start: 'Start',
    stop: 'Stop',
    publish: 'Publish to',
    rtmp: 'RTMP',
    hls: 'HLS',
    dash: 'DASH',
    flv: 'HTTP-FLV',
    page: 'Page',
    statistics: 'Statistics',
    file: 'FILE is this file.',
    name: 'NAME is any name of a stream.',
    server: 'SERVER is the name or the address of this machine.',
    key: 'KEY is the publish key, which stands below; every character of it but letters, digits and -._~ is written as % and its code (a space is %20). Keep this file from the eyes of others.',
    keyFrom: 'It came from the environment variable {{variable}}.',
    anybody: 'There is no publish key: everybody who reaches the RTMP port can publish.',
    pushKeys:
      'The stream keys of other services stand below. Keep this file from the eyes of others.',
  },
  nginx: {
    module:
      'The RTMP module, where Debian, Ubuntu, Alpine and Arch put it. Without this line where nginx was built with the module in it.',
    worker:
      'One worker: each has streams of its own, so that a viewer whom another worker serves would not find the stream. What is slow here is the network, not the processor.',
    files: 'A connection is a file, and one that is passed on from the origin is two.',
    folder:
      'Segments, temporary files and logs are in {{folder}}, which nginx makes; the folder that it is in must be there.',
    pid: 'Beside the folder, since nginx -t wants to write it before the folder is there.',
    log: 'Not at level info: there the arguments of publishers are logged, with their key.',
    order:
      'http stands before rtmp: nginx makes its folders in this order, and this first one holds the others.',
    account:
      'Started by root, the workers run as the account that nginx was built with. Another one: user NAME; before this block.',
    access:
      'Without the arguments of requests, so that no token of a viewer is logged. Rotate it: rename it, then nginx -s reopen.',
    types: 'Here, so that no other file is needed.',
    cors: 'Players on pages of other servers may read it, too.',
    playlist: 'A list changes with each segment: never from a cache.',
    noLog: 'Each viewer asks for it every other second, which would fill the log.',
    segment: 'A segment stays as it is.',
    dashSegment:
      'A segment stays as it is, but its name comes back when a broadcast is begun again: cached for seconds.',
    notFound: 'Players ask for a stream before it is there, which is no error.',
    upstream: 'The origin’s HTTP address. A name is looked up once, when nginx starts.',
    playlistCache:
      'The lists have a cache of their own, which forgets what nobody has asked for lately, so that nobody gets an old list.',
    cacheKey: 'Without arguments, which would make another entry of the same segment.',
    lock: 'Of all who ask for a segment that is not here yet, one is sent to the origin, and the others wait.',
    ignore: 'What the origin says of caching is for viewers; here it is said below.',
    playlistLife: 'However many ask, the origin is asked once a second.',
    segmentLife: 'As long as the origin lists it.',
    initLife: 'The beginning of all segments; another one when a broadcast is begun again.',
    publishCheck:
      'nginx asks itself whether a publisher has the key: 2xx lets it in, all else does not. Nobody else can ask, for nobody knows this path. It is not logged, for the key is in the request.',
    percentEncoded: 'The same key as it stands in a URL.',
    dollar: 'nginx has no other way to write this sign in a string.',
    stat: 'Who publishes and who watches, with their addresses: for this machine alone. For others: allow 192.0.2.0/24; before deny.',
    page: 'A page that plays a stream by its name, without any file.',
    rtmpLog: 'Without the arguments, in which publishers give their key.',
    chunk: 'Larger chunks than the usual 128 bytes: less work for each stream.',
    message: 'A keyframe is one message. With the usual 1 MB, those of 4K end the connection.',
    key: 'A viewer begins with a keyframe, not with a gray picture.',
    time: 'Viewers’ time begins at zero, whatever the publisher’s clock says.',
    idle: 'A publisher that was cut off keeps the name of its stream this long, and could not come back meanwhile.',
    publishing: 'The publisher’s key is asked for in the block above.',
    method: 'As GET: only so the key is an argument that nginx can compare.',
    hls: 'A segment ends at the first keyframe after this time; a keyframe every 2 s is right. Viewers are about three segments behind.',
    hlsNames:
      'Names by the clock: one that comes back would be taken from a cache with the picture of the last broadcast.',
    cleanup: 'What is not listed any more is deleted.',
    dash: 'The same for DASH.',
    record:
      'Every stream, into a new file each time. The folder must be there, and the workers’ account must be able to write into it.',
    push: 'Each stream is passed on to these; a lost connection is tried again.',
    pull: 'A stream is fetched when its first viewer comes, once for all of them, and let go after the last.',
    noPublish: 'Streams are published at the origin.',
    edges: 'An edge is written by:',
  },
  srs: {
    run: 'SRS reads it from its own folder; ./ is that folder.',
    foreground:
      'In the foreground, with its log on the terminal, as systemd and containers want it.',
    connections: 'Each viewer and each publisher is one.',
    chunk: 'Larger chunks than the usual 128 bytes: less work for each stream.',
    http: 'HLS, DASH and HTTP-FLV, and the player pages that come with SRS.',
    stat: 'Statistics, for this machine alone: whoever reaches this address can also end connections.',
    vhost: 'Of all names of this machine.',
    gop: 'A viewer begins at once, with the last keyframe.',
    timeouts: 'In milliseconds: how long a publisher may say nothing at its beginning, and later.',
    flv: 'Low latency in a browser: HTTP-FLV at /{{app}}/NAME.flv.',
    hls: 'A segment ends at the first keyframe after this time, in seconds; a keyframe every 2 s is right.',
    hlsContext:
      'Without a session for each viewer, which would make every address another one, and an edge’s cache useless.',
    dash: 'The same for DASH.',
    record: 'Every stream, into a new file each time.',
    forward: 'Each stream is passed on to these, under the same application and name.',
    cluster:
      'A stream is fetched when its first viewer comes, once for all of them. What is published here goes on to the origin.',
    noKey:
      'SRS lets everybody publish who reaches it. To check a key, run a web service that answers 0 and name it here: http_hooks { enabled on; on_publish http://…; }',
    edges: 'An edge for RTMP and HTTP-FLV is written by:',
    segmentEdges: 'An edge for HLS and DASH is an nginx, written by:',
  },
  page: {
    title: 'Live stream',
    stream: 'Stream',
    play: 'Play',
    waiting: 'Waiting for the stream…',
    elsewhere: 'In a player, open',
    noBrowser:
      'This browser does not play it by itself. Open one of the addresses below in a player.',
  },
} as const;
