import { languageSettingSchema } from '@tallylight/contract';
import { Languages } from 'lucide-react';
import { useStore } from 'zustand';
import { languageNames } from '@tallylight/messages/window';
import { useMessages, useStudio } from '../../control/studio-context.js';

/** In sight, and each language by its own name: whoever looks for it cannot read the one that is set. */
export function LanguageChoice() {
  const { t } = useMessages();
  const { settings: store } = useStudio();
  const { settings, update } = useStore(store);
  const label = t('window.language.label');
  return (
    <div className="relative flex-none text-muted">
      <Languages
        aria-hidden
        size={15}
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2"
      />
      <select
        aria-label={label}
        title={label}
        value={settings.language}
        onChange={(event) => {
          const language = languageSettingSchema.safeParse(event.target.value);
          if (language.success) update({ language: language.data });
        }}
        className="h-8 appearance-none rounded-lg border border-line bg-transparent pr-3 pl-8 transition-colors hover:border-muted hover:text-text"
      >
        {languageSettingSchema.options.map((setting) => (
          <option key={setting} value={setting}>
            {setting === 'system' ? t('window.language.system') : languageNames[setting]}
          </option>
        ))}
      </select>
    </div>
  );
}
