/** What a field of a command holds. */
export type ControlFieldKind =
  'address' | 'profile' | 'destination' | 'recording' | 'bitrate' | 'new-file';

interface ControlCommandShape {
  /** What it takes, beside `type` and `id`; where there are several, one of them. */
  readonly fields: Readonly<Record<string, ControlFieldKind>>;
  /** Whether it does without. */
  readonly isOptional?: true;
}

/** What lines on stdin can ask a running broadcast to do: what is read, refused and shown in the help comes from here. */
export const controlCommands = {
  add: { fields: { to: 'address', profile: 'profile' } },
  remove: { fields: { name: 'destination' } },
  retry: { fields: { name: 'destination' } },
  bitrate: { fields: { videoBitrate: 'bitrate' } },
  record: { fields: { path: 'new-file' } },
  'pause-recording': { fields: { name: 'recording' }, isOptional: true },
  'resume-recording': { fields: { name: 'recording' }, isOptional: true },
  'stop-recording': { fields: { name: 'recording' }, isOptional: true },
  'save-replay': { fields: { path: 'new-file' } },
} as const satisfies Readonly<Record<string, ControlCommandShape>>;

export type ControlType = keyof typeof controlCommands;

export const isControlType = (type: unknown): type is ControlType =>
  typeof type === 'string' && Object.hasOwn(controlCommands, type);

/** As the table says, for those who do not know which command it is. */
export const shapeOf = (type: ControlType): ControlCommandShape => controlCommands[type];

const samples: Readonly<Record<ControlFieldKind, string>> = {
  address: 'URL',
  profile: 'NAME',
  destination: 'NAME',
  recording: 'FILE',
  bitrate: '1500k',
  'new-file': 'FILE',
};

/** One line of each kind, as it is typed. */
export const controlExamples: readonly string[] = Object.keys(controlCommands)
  .filter(isControlType)
  .flatMap((type) => {
    const { fields, isOptional = false } = shapeOf(type);
    if (isOptional) return [JSON.stringify({ type })];
    return Object.entries(fields).map(([field, kind]) =>
      JSON.stringify({ type, [field]: samples[kind] }),
    );
  });
