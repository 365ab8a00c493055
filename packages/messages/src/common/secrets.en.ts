/** How stream keys are kept. */
export const secrets = {
  system:
    'Stream keys are encrypted with a key that your system’s secret store keeps for your account.',
  keyFile:
    'Stream keys are encrypted with a key file that only your account can read ({{why}}). This is weaker than the system’s secret store: whoever can read your files can decrypt them.',
  keyFileToCome:
    'Once it is saved, the stream key is encrypted with a key file that only your account can read ({{why}}). This is weaker than the system’s secret store: whoever can read your files can decrypt it.',
  setAside: 'The old key file was damaged and is now {{file}}; saved keys must be entered again.',
} as const;
