import { Eye, EyeOff, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { Button } from '../../ui/button.js';
import { IconButton } from '../../ui/icon-button.js';
import { TextField } from '../../ui/text-field.js';

/** The key that publishers need; hidden, since the screen may be seen. */
export function PublishKeyField({ error }: { error: string | undefined }) {
  const { t } = useMessages();
  const { draft, edit, makeKey } = useStore(useStudio().serverConfig);
  const [isShown, setShown] = useState(false);
  return (
    <div className="space-y-2">
      <TextField
        label={t('window.serverConfig.publishKey')}
        type={isShown ? 'text' : 'password'}
        value={draft.publishKey}
        placeholder={t('window.serverConfig.publishKeyExample')}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        data-1p-ignore
        data-lpignore="true"
        error={error}
        onChange={(publishKey) => edit({ publishKey })}
        trailing={
          <IconButton
            Icon={isShown ? EyeOff : Eye}
            label={t(isShown ? 'window.serverConfig.hideKey' : 'window.serverConfig.showKey')}
            isPressed={isShown}
            onClick={() => setShown(!isShown)}
          />
        }
      />
      <Button onClick={makeKey}>
        <RefreshCw aria-hidden size={14} />
        {t('window.serverConfig.newKey')}
      </Button>
    </div>
  );
}
