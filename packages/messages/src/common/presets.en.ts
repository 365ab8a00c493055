/** Kinds of servers to publish to: what they are called, and what to know before. */
export const presets = {
  own: { name: 'Any RTMP server', hint: '' },
  'nginx-rtmp': {
    name: 'nginx with its RTMP module',
    hint: 'The stream key is the name of the stream; where the server wants a publish key, ?key=KEY stands behind it.',
  },
  wowza: {
    name: 'Wowza Streaming Engine',
    hint: 'The stream key is the name of the stream. Unless it is told otherwise, Wowza asks for a user and a password: those under Server → Source Authentication.',
  },
  adobe: {
    name: 'Adobe Media Server',
    hint: 'The stream key is the name of the stream. The application is live, or livepkgr to package for HTTP: then ?adbe-live-event=liveevent stands behind the name. It asks for a user and a password where the authentication add-in is installed.',
  },
} as const;
