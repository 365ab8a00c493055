/** Whether a destination can be reached, before anything goes there. */
export const check = {
  check: 'Check',
  title: 'Check {{name}}',
  close: 'Close the check',
  again: 'Check again',
  cancel: 'Cancel',
  publish: 'Check with a short publish',
  publishHint:
    'Tries the stream key and measures the upload: for about ten seconds a black picture is sent, which viewers may see.',
  testHint:
    'Tries the stream key and measures the upload. {{service}} shows such a test to nobody.',
  isPublic: 'A black picture is being sent: whoever watches can see it.',
  running: 'Checking…',
  done: 'Ready to go live.',
  answers: 'The server answers. Only a short publish shows whether it takes the stream key.',
  failed: 'It cannot go live like this.',
  cancelled: 'Cancelled.',
  certificate: 'The certificate is good until {{date}}.',
  upload: 'Upload: {{measured, number}} kbit/s. {{recommended, number}} kbit/s can be kept up.',
  uploadCapped: 'It may be more: the test goes no higher.',
  uploadRough: 'The server tells nothing of what it gets, so this is what has left.',
  use: 'Use {{bitrate}} kbit/s',
  used: 'The video bitrate is {{bitrate}} kbit/s.',
  phases: 'Steps',
} as const;
