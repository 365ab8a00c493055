import { CircleX } from 'lucide-react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { errorHere } from '../../state/error-here.js';
import type { Alert } from '../../state/alerts-store.js';
import { Button } from '../../ui/button.js';
import { Banner } from '../../ui/banner.js';

/** Every error of the window, newest last. It lies over the foot of the preview, so that nothing moves when one comes. */
export function AlertRegion() {
  const { t } = useMessages();
  const { alerts: store, capture, connection, lookForDevices } = useStudio();
  const alerts = useStore(store, (state) => state.alerts);
  const lost = useStore(connection, (state) => state.lost);
  /** What stands in place of the picture, with the way to try again. */
  const shown = useStore(capture.store, (state) =>
    state.type === 'failed' ? state.error.code : undefined,
  );
  return (
    <div role="alert" className="space-y-2">
      {alerts.map((alert) =>
        alert.isBesideField || (alert.topic === 'devices' && alert.error.code === shown) ? (
          <div key={alert.topic} className="sr-only">
            <AlertText alert={alert} />
          </div>
        ) : (
          <Banner
            key={alert.topic}
            tone="poor"
            Icon={CircleX}
            dismissLabel={t('window.dismiss')}
            onDismiss={
              alert.topic === 'connection' && lost
                ? undefined
                : () => store.getState().close(alert.topic)
            }
          >
            <AlertText alert={alert} />
            {alert.topic === 'devices' && (
              <div className="mt-1.5">
                <Button onClick={() => void lookForDevices()}>{t('window.tryAgain')}</Button>
              </div>
            )}
          </Banner>
        ),
      )}
    </div>
  );
}

function AlertText({ alert: { title, error } }: { alert: Alert }) {
  const messages = useMessages();
  const { system } = useStudio();
  const { message, remedy } = messages.error(errorHere(error, system.shell));
  return (
    <>
      <p className="font-semibold">{messages.t(`window.alerts.${title}`)}</p>
      <p>
        {message}
        {messages.t('window.sentenceGap')}
        <span className="text-muted">{remedy}</span>
      </p>
    </>
  );
}
