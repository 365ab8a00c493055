import type { AppErrorInfo } from '@tallylight/contract';
import { Unplug } from 'lucide-react';
import { languageOf, windowMessages } from './state/messages-store.js';
import { Button } from './ui/button.js';

/** The window without an engine: nothing works, so it says only that. */
export function StartFailure({ error }: { error: AppErrorInfo }) {
  // Settings cannot be had without an engine.
  const messages = windowMessages(languageOf('system', navigator.languages));
  const { message, remedy } = messages.error(error);
  return (
    <main className="flex h-full flex-col items-center justify-center gap-3 p-8 text-center">
      <Unplug aria-hidden size={32} strokeWidth={1.75} className="text-muted" />
      <div role="alert" className="max-w-md space-y-1">
        <h1 className="text-base font-bold text-balance">{message}</h1>
        <p className="text-balance text-muted">{remedy}</p>
      </div>
      <Button onClick={() => window.location.reload()}>{messages.t('window.tryAgain')}</Button>
    </main>
  );
}
