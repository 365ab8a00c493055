import { engineKindSchema, noMicrophoneId, testBeepId, testPictureId } from '@tallylight/contract';
import { useId } from 'react';
import { useStore } from 'zustand';
import { noDevices, type Device, type DeviceLists } from '../../state/device-selection.js';
import { deviceOwner } from '../../state/devices-store.js';
import {
  bitrateChoices,
  engineNames,
  frameRateChoices,
  parseResolution,
  resolutionChoices,
  resolutionValue,
  type Choice,
} from '../../state/encoding-choices.js';
import { currentSelection } from '../../state/source-selection.js';
import { useLockReason, useStudio } from '../../control/studio-context.js';
import { Section } from '../../ui/section.js';
import { SelectField } from '../../ui/select-field.js';
import { LockNote } from './lock-note.js';

/** Picture, sound and how they are encoded. */
export function SourcesPanel() {
  return (
    <>
      <DevicesSection />
      <EncodingSection />
    </>
  );
}

function DevicesSection() {
  const { settings: store, sources } = useStudio();
  const { settings, update } = useStore(store);
  const { lists, cameraId, microphoneId } = useDevices();
  const locked = useLockReason();
  return (
    <Section title="Sources" action={locked !== undefined && <LockNote />}>
      <SelectField
        label="Camera"
        value={cameraId}
        options={deviceChoices(lists.cameras, cameraId, lists, [
          { value: testPictureId, label: 'Test picture' },
        ])}
        locked={locked}
        onChange={(id) => sources.camera(id)}
      />
      <div className="grid grid-cols-2 gap-2.5">
        <SelectField
          label="Resolution"
          value={resolutionValue(settings.width, settings.height)}
          options={resolutionChoices(settings.width, settings.height)}
          locked={locked}
          onChange={(value) => {
            const size = parseResolution(value);
            if (size) update(size);
          }}
        />
        <SelectField
          label="Frame rate"
          value={String(settings.fps)}
          options={frameRateChoices(settings.fps)}
          locked={locked}
          onChange={(value) => update({ fps: Number(value) })}
        />
      </div>
      <SelectField
        label="Microphone"
        value={microphoneId}
        options={deviceChoices(lists.microphones, microphoneId, lists, [
          { value: testBeepId, label: 'Test beep' },
          { value: noMicrophoneId, label: 'No microphone' },
        ])}
        locked={locked}
        onChange={(id) => sources.microphone(id)}
      />
    </Section>
  );
}

function EncodingSection() {
  const { settings: store, sources, system } = useStudio();
  const { settings, update } = useStore(store);
  const locked = useLockReason();
  const noteId = useId();
  const note =
    settings.engine === 'ffmpeg' && !system.ffmpeg.found
      ? `${system.ffmpeg.error.message} ${system.ffmpeg.error.remedy}`
      : undefined;
  return (
    <Section title="Encoding">
      <div className="grid grid-cols-2 gap-2.5">
        <SelectField
          label="Engine"
          value={settings.engine}
          options={engineKindSchema.options.map((kind) => ({
            value: kind,
            label: engineNames[kind],
          }))}
          locked={locked}
          describedBy={note && noteId}
          onChange={(value) => {
            const kind = engineKindSchema.safeParse(value);
            if (kind.success) void sources.engine(kind.data);
          }}
        />
        <SelectField
          label="Video bitrate"
          value={String(settings.videoBitrate / 1000)}
          options={bitrateChoices(settings.videoBitrate)}
          locked={locked}
          onChange={(value) => update({ videoBitrate: Number(value) * 1000 })}
        />
      </div>
      {note && (
        <p id={noteId} className="text-xs text-warn">
          {note}
        </p>
      )}
    </Section>
  );
}

function useDevices(): { lists: DeviceLists; cameraId: string; microphoneId: string } {
  const { devices, settings: store } = useStudio();
  const settings = useStore(store, (state) => state.settings);
  const state = useStore(devices);
  const selection = currentSelection(settings, state);
  return {
    lists: state[deviceOwner(settings.engine)] ?? noDevices,
    cameraId: selection?.cameraId ?? settings.cameraId,
    microphoneId: selection?.microphoneId ?? settings.microphoneId,
  };
}

/** The devices, then the built-in sources; before them, what is chosen and not there. */
function deviceChoices(
  devices: readonly Device[],
  current: string,
  { known }: DeviceLists,
  builtIn: readonly Choice[],
): Choice[] {
  const there = [...devices.map(({ id, label }) => ({ value: id, label })), ...builtIn];
  if (there.some(({ value }) => value === current)) return there;
  const label = known.get(current);
  return [{ value: current, label: label ? `${label} (unplugged)` : 'Looking…' }, ...there];
}
