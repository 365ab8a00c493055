/** What viewers get of a destination, in its card. */
export const monitor = {
  open: 'See what viewers see',
  cost: 'Pulls the stream back from the server: as much is downloaded as is sent.',
  picture: 'What viewers of {{name}} see',
  connecting: 'Asking the server for the stream…',
  waiting: 'Nothing comes back from the server.',
  tryingAgain: 'It is tried again by itself.',
  elsewhere:
    'If viewers get it at another address, enter that as the watch address of the profile, before the next broadcast.',
  delay: '{{seconds}} s behind the preview',
  delayAbout: 'About {{seconds}} s behind the preview',
  delayRange: '{{from}} to {{to}} s behind the preview',
  delayOf: {
    measuring: 'Measuring how far behind the preview it is…',
    still: 'Too little moves to tell how far behind the preview it is.',
    unsure: 'How far behind the preview it is cannot be told: no moment fits for certain.',
    elsewhere: 'How far behind it is can be told only in the window that shows what is sent.',
    files:
      'How late it is cannot be measured with files: the preview of them is not what is sent at that moment.',
    stream:
      'How late it is cannot be measured with a stream as the source: its preview is not what is sent at that moment.',
  },
  still: 'Standing still since {{time}}',
  black: 'Black since {{time}}',
  silent: 'No sound since {{time}}',
  /** In the sentence about how the broadcast goes. */
  health: {
    still: 'What comes back from {{name}} has stood still since {{time}}.',
    black: 'What comes back from {{name}} has been black since {{time}}.',
    silent: 'What comes back from {{name}} has had no sound since {{time}}.',
  },
} as const;
