import {
  defaultBitratePolicy,
  describeError,
  settingsSchema,
  usualRecording,
  type AppErrorInfo,
  type Settings,
} from '@tallylight/contract';
import { JsonFile } from './json-file.js';

/** 720p at 30 frames and 2.5 Mbit/s goes out over nearly every line and plays everywhere. */
const defaults: Settings = {
  // Nothing chosen yet: the window takes the first device that it finds.
  cameraId: '',
  microphoneId: '',
  width: 1280,
  height: 720,
  fps: 30,
  videoBitrate: 2_500_000,
  audioBitrate: 128_000,
  adaptBitrate: true,
  bitratePolicy: defaultBitratePolicy,
  engine: 'webcodecs',
  destinationGroups: [],
  language: 'system',
  holdToStop: false,
  ...usualRecording,
};

const storedSchema = settingsSchema.partial();

type StoredSettings = Partial<Settings>;

export interface SettingsStoreOptions {
  readonly dataDirectory: string;
  readonly onNotice: (notice: AppErrorInfo) => void;
}

/** What the window remembers, in `settings.json`. Only what was changed is stored. */
export class SettingsStore {
  readonly #file: JsonFile<StoredSettings>;
  readonly #onNotice: (notice: AppErrorInfo) => void;
  /** What was told already: the file is read again and again. */
  readonly #mended = new Set<string>();

  constructor(options: SettingsStoreOptions) {
    this.#onNotice = options.onNotice;
    this.#file = new JsonFile({
      directory: options.dataDirectory,
      name: 'settings',
      parse: (value) => withoutUndefined(storedSchema.parse(this.#withEvenSizes(withTicks(value)))),
      empty: {},
      onNotice: options.onNotice,
    });
  }

  get(): Settings {
    return { ...defaults, ...this.#file.read() };
  }

  /** Calls `listener` when something was changed, by whichever process. Returns how to stop. */
  onChange(listener: () => void): () => void {
    return this.#file.onChange(listener);
  }

  /** Changes the given fields; settings of other fields that another process made stay. */
  async update(change: SettingsChange): Promise<Settings> {
    const stored = await this.#file.update((current) => ({
      ...current,
      ...withoutUndefined(change),
    }));
    return { ...defaults, ...stored };
  }

  /** Files of earlier versions may hold an odd size, with which no broadcast would start. */
  #withEvenSizes(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const mended: Record<string, unknown> = { ...value };
    for (const field of ['width', 'height']) {
      const was = mended[field];
      if (typeof was !== 'number' || !Number.isInteger(was) || was % 2 === 0) continue;
      mended[field] = was - 1;
      if (this.#mended.has(`${field} ${was}`)) continue;
      this.#mended.add(`${field} ${was}`);
      this.#onNotice(describeError('SETTINGS_MENDED', { field, was, now: was - 1 }));
    }
    return mended;
  }
}

/** In version 0.1 one profile was chosen, not several ticked. */
function withTicks(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || 'profileIds' in value) return value;
  if (!('profileId' in value) || typeof value.profileId !== 'string') return value;
  return { ...value, profileIds: [value.profileId] };
}

export type SettingsChange = { readonly [K in keyof Settings]?: Settings[K] | undefined };

function withoutUndefined(change: SettingsChange): StoredSettings {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
