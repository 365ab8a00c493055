import { builtInProfileId, destinationPresets, presetOf } from '@tallylight/contract';
import { useId } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { SelectField } from '../../ui/select-field.js';

/** The kinds of servers that a new profile can begin from: what its fields look like there. */
export function PresetField({ locked }: { locked: string | undefined }) {
  const { t } = useMessages();
  const { presetId, choosePreset, select } = useStore(useStudio().profiles);
  const hintId = useId();
  const hint = t(`presets.${presetId}.hint`);
  return (
    <div>
      <SelectField
        label={t('window.profiles.kind')}
        value={presetId}
        options={[
          ...destinationPresets.map(({ id }) => ({ value: id, label: t(`presets.${id}.name`) })),
          // It is there already, ready-made.
          { value: builtInProfileId, label: t('window.profiles.builtIn') },
        ]}
        locked={locked}
        describedBy={hint === '' ? undefined : hintId}
        onChange={(value) => {
          if (value === builtInProfileId) void select(builtInProfileId);
          else choosePreset(presetOf(value)?.id ?? 'own');
        }}
      />
      {hint !== '' && (
        <p id={hintId} className="mt-1 text-xs text-muted wrap-anywhere">
          {hint}
        </p>
      )}
    </div>
  );
}
