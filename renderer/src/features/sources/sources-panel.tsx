import {
  engineKindSchema,
  fileListId,
  noMicrophoneId,
  serverStreamId,
  streamChoiceOf,
  streamInputId,
  testBeepId,
  testPictureId,
  type ServerStream,
} from '@tallylight/contract';
import { useId } from 'react';
import { useStore } from 'zustand';
import type { Device } from '../../state/device-selection.js';
import {
  bitrateChoices,
  engineNames,
  frameRateChoices,
  parseResolution,
  resolutionChoices,
  resolutionValue,
  type Choice,
} from '../../state/encoding-choices.js';
import {
  currentSelection,
  deviceLists,
  deviceName,
  areFilesChosen,
  isNoDevice,
  isStreamChosen,
} from '../../state/source-selection.js';
import { sentences } from '../../state/sentences.js';
import type { WindowMessages } from '@tallylight/messages/window';
import {
  useLockReason,
  useMessages,
  useSnapshot,
  useStudio,
} from '../../control/studio-context.js';
import { Section } from '../../ui/section.js';
import { SelectField } from '../../ui/select-field.js';
import { AdaptFields } from './adapt-fields.js';
import { FilesFields } from './files-fields.js';
import { LockNote } from './lock-note.js';
import { StreamAddress } from './stream-address.js';

const noStreams: readonly ServerStream[] = [];
/** Of what the settings keep. */
const longestId = 512;

/** Picture, sound and how they are encoded. */
export function SourcesPanel() {
  const isStream = useStore(useStudio().settings, ({ settings }) => isStreamChosen(settings));
  return (
    <>
      <DevicesSection />
      {/* Of what is sent as it is nothing is encoded. */}
      {!isStream && <EncodingSection />}
    </>
  );
}

function DevicesSection() {
  const messages = useMessages();
  const { t } = messages;
  const { settings: store, sources, capture } = useStudio();
  const { settings } = useStore(store);
  const opened = useStore(capture.store, (state) =>
    state.type === 'open' ? state.capture.largest : undefined,
  );
  const { lists, cameraId, nameOf } = useDevices();
  // Where ffmpeg opens the camera, what counts is what ffmpeg can get of it.
  const listed = lists?.cameras.find(({ id }) => id === cameraId)?.largest;
  const largest = settings.engine === 'ffmpeg' ? listed : opened;
  const locked = useLockReason();
  const stream = streamChoiceOf(settings.cameraId);
  const serverStreams = useServerStreams(cameraId);
  return (
    <Section title={t('window.sources.title')} action={locked !== undefined && <LockNote />}>
      <SelectField
        label={t('window.sources.camera')}
        value={cameraId}
        options={deviceChoices(
          lists?.cameras,
          cameraId,
          nameOf(cameraId),
          [
            { value: testPictureId, label: t('window.sources.testPicture') },
            { value: fileListId, label: t('window.sources.files') },
            { value: streamInputId, label: t('window.sources.streamInput') },
            ...serverStreams,
          ],
          messages,
        )}
        locked={locked}
        onChange={(id) => sources.camera(id)}
      />
      {stream && <StreamAddress of={stream} />}
      {areFilesChosen(settings) && <FilesFields />}
      {!stream && <PictureFields largest={largest} />}
      {!isNoDevice(settings) && <MicrophoneField />}
    </Section>
  );
}

/** What is published to the built-in server; also what is chosen, while nobody publishes it. */
function useServerStreams(chosen: string): Choice[] {
  const { t } = useMessages();
  const live = useStore(useStudio().server, ({ snapshot }) => snapshot?.streams ?? noStreams);
  const ids = new Set(live.map(serverStreamId));
  if (streamChoiceOf(chosen)?.from) ids.add(chosen);
  return [...ids].flatMap((value) => {
    const { from } = streamChoiceOf(value) ?? {};
    if (!from || value.length > longestId) return [];
    const stream = `${from.app}/${from.name}`;
    return [{ value, label: t('window.sources.serverStream', { stream }) }];
  });
}

/** What is asked of a camera, and of files that are encoded. */
function PictureFields({ largest }: { readonly largest: Device['largest'] }) {
  const messages = useMessages();
  const { t } = messages;
  const { settings: store } = useStudio();
  const { settings, update } = useStore(store);
  const locked = useLockReason();
  return (
    <div className="grid grid-cols-2 gap-2.5">
      <SelectField
        label={t('window.sources.resolution')}
        value={resolutionValue(settings.width, settings.height)}
        options={resolutionChoices(settings, largest, messages)}
        locked={locked}
        onChange={(value) => {
          const size = parseResolution(value);
          if (size) update(size);
        }}
      />
      <SelectField
        label={t('window.sources.frameRate')}
        value={String(settings.fps)}
        options={frameRateChoices(settings.fps)}
        locked={locked}
        onChange={(value) => update({ fps: Number(value) })}
      />
    </div>
  );
}

/** The sound beside a camera. */
function MicrophoneField() {
  const messages = useMessages();
  const { t } = messages;
  const { sources } = useStudio();
  const { lists, microphoneId, nameOf } = useDevices();
  const locked = useLockReason();
  return (
    <SelectField
      label={t('window.sources.microphone')}
      value={microphoneId}
      options={deviceChoices(
        lists?.microphones,
        microphoneId,
        nameOf(microphoneId),
        [
          { value: testBeepId, label: t('window.sources.testBeep') },
          { value: noMicrophoneId, label: t('window.sources.noMicrophone') },
        ],
        messages,
      )}
      locked={locked}
      onChange={(id) => sources.microphone(id)}
    />
  );
}

function EncodingSection() {
  const messages = useMessages();
  const { t } = messages;
  const { settings: store, sources, system } = useStudio();
  const { settings, update } = useStore(store);
  const locked = useLockReason();
  const noteId = useId();
  const areFiles = areFilesChosen(settings);
  const { wanted } = useSnapshot();
  // On air what was asked for counts, also where another window has begun it, or the limit was moved since.
  const asked = locked === undefined ? undefined : wanted?.videoBitrate;
  const videoBitrate = asked ?? settings.videoBitrate;
  const told =
    (settings.engine === 'ffmpeg' || areFiles) && !system.ffmpeg.found
      ? messages.error(system.ffmpeg.error)
      : undefined;
  const note = told && sentences(messages, told.message, told.remedy);
  return (
    <Section title={t('window.sources.encoding')} action={locked !== undefined && <LockNote />}>
      <div className="grid grid-cols-2 gap-2.5">
        {/* Files are always encoded by ffmpeg. */}
        {!areFiles && (
          <SelectField
            label={t('window.sources.engine')}
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
        )}
        <SelectField
          label={t('window.sources.videoBitrate')}
          value={String(videoBitrate / 1000)}
          options={bitrateChoices(videoBitrate, messages)}
          locked={locked}
          onChange={(value) => update({ videoBitrate: Number(value) * 1000 })}
        />
      </div>
      <AdaptFields />
      {note && (
        <p id={noteId} className="text-xs text-warn">
          {note}
        </p>
      )}
    </Section>
  );
}

function useDevices() {
  const { devices, settings: store } = useStudio();
  const settings = useStore(store, (state) => state.settings);
  const state = useStore(devices);
  const selection = currentSelection(settings, state);
  return {
    lists: deviceLists(settings, state),
    cameraId: selection?.cameraId ?? settings.cameraId,
    microphoneId: selection?.microphoneId ?? settings.microphoneId,
    nameOf: (id: string) => deviceName(id, settings, state),
  };
}

/** The devices, then the built-in sources; before them, what is chosen and not there. */
function deviceChoices(
  devices: readonly Device[] | undefined,
  current: string,
  currentName: string | undefined,
  builtIn: readonly Choice[],
  { t }: WindowMessages,
): Choice[] {
  const there = [...(devices ?? []).map(({ id, label }) => ({ value: id, label })), ...builtIn];
  if (there.some(({ value }) => value === current)) return there;
  const label = devices
    ? t('window.sources.notThere', { device: currentName ?? t('window.sources.chosen') })
    : t('window.sources.looking');
  return [{ value: current, label }, ...there];
}
