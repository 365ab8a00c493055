import type { AppErrorInfo } from '@tallylight/contract';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { Button } from '../../ui/button.js';

/** Where nothing but the folder is missing: it may be on a disk that is not there, so nobody makes it unasked. */
export function MakeFolderButton({ problem }: { readonly problem: AppErrorInfo | undefined }) {
  const { t } = useMessages();
  const { recording } = useStudio();
  const why = problem?.data['reason'];
  if (typeof why !== 'object' || why.reason !== 'no-such-folder') return undefined;
  return (
    <Button onClick={() => void recording.makeFolder()}>{t('window.recording.makeFolder')}</Button>
  );
}
