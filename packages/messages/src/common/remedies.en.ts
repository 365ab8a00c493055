/** What to do where the reason says more than the kind of the error. */
export const remedies = {
  'file-exists': 'Choose another name: a file that exists is never written over.',
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
  'silent-with-tls': 'Check the port; the server may be overloaded or may expect rtmp:// instead.',
} as const;
