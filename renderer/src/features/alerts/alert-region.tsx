import { CircleX } from 'lucide-react';
import { useStore } from 'zustand';
import { useStudio } from '../../control/studio-context.js';
import { Banner } from '../../ui/banner.js';

/** Every error of the window, newest last. It lies over the foot of the preview, so that nothing moves when one comes. */
export function AlertRegion() {
  const { alerts: store, connection } = useStudio();
  const alerts = useStore(store, (state) => state.alerts);
  const lost = useStore(connection, (state) => state.lost);
  return (
    <div role="alert" className="space-y-2">
      {alerts.map((alert) => (
        <Banner
          key={alert.topic}
          tone="poor"
          Icon={CircleX}
          onDismiss={
            alert.topic === 'connection' && lost
              ? undefined
              : () => store.getState().dismiss(alert.topic)
          }
        >
          <p>
            <strong className="font-semibold">{alert.title}.</strong> {alert.message}{' '}
            <span className="text-muted">{alert.remedy}</span>
          </p>
        </Banner>
      ))}
    </div>
  );
}
