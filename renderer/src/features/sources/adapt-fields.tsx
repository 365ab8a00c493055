import { bitratePolicySchema } from '@tallylight/contract';
import { useStore } from 'zustand';
import { useLockReason, useMessages, useStudio } from '../../control/studio-context.js';
import { currentSelection, hasFixedBitrate } from '../../state/source-selection.js';
import { tickedProfiles } from '../../state/ticks.js';
import { CheckField } from '../../ui/check-field.js';
import { SelectField } from '../../ui/select-field.js';

/** Whether the bitrate follows the network, and for whom; of an encoder that cannot change, that it cannot. */
export function AdaptFields() {
  const { t } = useMessages();
  const { settings: store, devices, profiles } = useStudio();
  const { settings, update } = useStore(store);
  const locked = useLockReason();
  const ticked = useStore(profiles, (state) => tickedProfiles(state.profiles, settings).length);
  const { cameraId = settings.cameraId } = currentSelection(settings, useStore(devices)) ?? {};
  if (hasFixedBitrate({ ...settings, cameraId }))
    return <p className="text-xs text-muted">{t('window.bitrate.fixed')}</p>;
  return (
    <>
      <CheckField
        label={t('window.bitrate.adapt')}
        checked={settings.adaptBitrate}
        locked={locked}
        onChange={(adaptBitrate) => update({ adaptBitrate })}
      />
      {settings.adaptBitrate && ticked > 1 && (
        <SelectField
          label={t('window.bitrate.policy')}
          value={settings.bitratePolicy}
          options={bitratePolicySchema.options.map((value) => ({
            value,
            label: t(`window.bitrate.${value}`),
          }))}
          locked={locked}
          onChange={(value) => {
            const policy = bitratePolicySchema.safeParse(value);
            if (policy.success) update({ bitratePolicy: policy.data });
          }}
        />
      )}
    </>
  );
}
