import { MicOff } from 'lucide-react';
import { useStore } from 'zustand';
import { silenceSeconds } from '../../control/silence-watch.js';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { Banner } from '../../ui/banner.js';

export function SilenceBanner() {
  const { t } = useMessages();
  const { silence } = useStudio();
  const { silent, dismissed } = useStore(silence.store);
  if (!silent || dismissed) return undefined;
  return (
    <Banner
      tone="fair"
      Icon={MicOff}
      dismissLabel={t('window.dismiss')}
      onDismiss={() => silence.dismiss()}
    >
      {t('window.sound.silent', { seconds: silenceSeconds })}
    </Banner>
  );
}
