/** What to do where the reason says more than the kind of the error. */
export const remedies = {
  'file-exists': 'Choose another name: a file that exists is never written over.',
  'file-empty': 'There is nothing in it: choose another file.',
  'no-media-file': 'Choose a video or a picture, and make sure that it plays elsewhere.',
  'is-folder': 'Name a file in this folder.',
  'no-such-folder': 'Create the folder first, or choose another.',
  'path-part-not-folder': 'Check the path.',
  'no-file-made-there': 'Choose another folder.',
  'permission-denied': 'Check its permissions, or choose another place.',
  'name-too-long': 'Choose a shorter name.',
  'disk-full': 'Make room on the disk, or choose another.',
  'quota-full': 'Make room on the disk, or choose another.',
  'disk-read-only': 'Choose another disk.',
  'no-such-file': 'Check the name and the folder.',
  'not-exported-profiles': 'Give it what "profiles export" wrote.',
  'exported-by-newer': 'Update Tallylight here, then import it again.',
  'not-folder': 'Name a folder.',
  'publish-key-missing': 'Put ?key=KEY behind the stream’s name; who runs the server has the key.',
  'publish-key-wrong': 'Ask who runs the server for its publish key; it stands behind ?key=.',
  'closed-without-tls':
    'Check the port in the server URL, and try rtmps:// in place of rtmp://: the server may speak TLS only.',
  'silent-with-tls': 'Check the port; the server may be overloaded or may expect rtmp:// instead.',
  'port-for-source':
    'Choose another port with --listen HOST:PORT. If "tallylight serve" runs there, have it published there, and take it from it: --source {{url}}.',
} as const;
