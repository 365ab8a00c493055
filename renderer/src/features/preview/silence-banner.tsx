import { MicOff } from 'lucide-react';
import { useStore } from 'zustand';
import { silenceSeconds } from '../../control/silence-watch.js';
import { useStudio } from '../../control/studio-context.js';
import { Banner } from '../../ui/banner.js';

export function SilenceBanner() {
  const { silence } = useStudio();
  const { silent, dismissed } = useStore(silence.store);
  if (!silent || dismissed) return undefined;
  return (
    <Banner tone="fair" Icon={MicOff} onDismiss={() => silence.dismiss()}>
      No sound for {silenceSeconds} s. Is the microphone muted?
    </Banner>
  );
}
