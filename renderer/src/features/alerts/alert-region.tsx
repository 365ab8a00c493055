import { CircleX } from 'lucide-react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import type { Alert } from '../../state/alerts-store.js';
import { Banner } from '../../ui/banner.js';

/** Every error of the window, newest last. It lies over the foot of the preview, so that nothing moves when one comes. */
export function AlertRegion() {
  const { t } = useMessages();
  const { alerts: store, connection } = useStudio();
  const alerts = useStore(store, (state) => state.alerts);
  const lost = useStore(connection, (state) => state.lost);
  return (
    <div role="alert" className="space-y-2">
      {alerts.map((alert) =>
        alert.isBesideField ? (
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
                : () => store.getState().dismiss(alert.topic)
            }
          >
            <AlertText alert={alert} />
          </Banner>
        ),
      )}
    </div>
  );
}

function AlertText({ alert: { title, error } }: { alert: Alert }) {
  const messages = useMessages();
  const { message, remedy } = messages.error(error);
  return (
    <>
      <p className="font-semibold">{messages.t(`window.alerts.${title}`)}</p>
      <p>
        {message} <span className="text-muted">{remedy}</span>
      </p>
    </>
  );
}
