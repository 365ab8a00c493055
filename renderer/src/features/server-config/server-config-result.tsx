import { Check, Copy, Download, Radio } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { saveTextFile } from '../../control/save-text-file.js';
import { useLockReason, useMessages, useStudio } from '../../control/studio-context.js';
import { useCopied } from '../../control/use-copied.js';
import type { WrittenConfig } from '../../state/server-config-store.js';
import { sentences } from '../../state/sentences.js';
import { Button } from '../../ui/button.js';
import { FieldNote } from '../../ui/field-note.js';
import { IconButton } from '../../ui/icon-button.js';
import { ValueBox } from '../../ui/value-box.js';

const files = {
  nginx: { name: 'nginx.conf', check: 'nginx -t -c "$PWD/nginx.conf"' },
  srs: { name: 'srs.conf', check: './objs/srs -t -c srs.conf' },
} as const;

const programs = { nginx: 'nginx', srs: 'SRS' } as const;

/** What was written: the addresses, the file, and what can be done with them. */
export function ServerConfigResult({ written }: { written: WrittenConfig }) {
  const messages = useMessages();
  const { t } = messages;
  const { draft, useAsDestination: use } = useStore(useStudio().serverConfig);
  const lock = useLockReason();
  const savedId = useId();
  const { text, addresses, holdsSecrets, isOpen, destination } = written;
  const { engine, role, host } = draft;
  const { name, check } = files[engine];
  const hasKey = addresses.some(({ url }) => url.endsWith('?key=KEY'));
  const names = t(
    hasKey ? 'window.serverConfig.placeholdersKey' : 'window.serverConfig.placeholders',
  );
  const isUnknown = addresses.some(({ url }) => url.includes('//SERVER:'));
  const whyNot = lock ?? (destination ? undefined : t('window.serverConfig.useNeedsHost'));
  return (
    <div className="space-y-3">
      {isOpen && (
        <Warning>
          {t(engine === 'srs' ? 'window.serverConfig.isOpenSrs' : 'window.serverConfig.isOpen')}
        </Warning>
      )}
      {addresses.map(({ kind, url }) => (
        <CopiedValue key={kind} label={t(`window.serverConfig.addresses.${kind}`)} value={url} />
      ))}
      <p className="text-xs text-muted">
        {sentences(messages, names, isUnknown ? t('window.serverConfig.hostUnknown') : '')}
      </p>
      {role !== 'edge' && (
        <Button
          disabled={whyNot !== undefined}
          title={whyNot}
          onClick={() =>
            void use(
              t('window.serverConfig.profileName', {
                engine: programs[engine],
                host: host.trim() || new URL(destination?.serverUrl ?? '').hostname,
              }),
            )
          }
        >
          <Radio aria-hidden size={14} />
          {t('window.serverConfig.use')}
        </Button>
      )}
      {holdsSecrets && <Warning>{t('window.serverConfig.holdsSecrets')}</Warning>}
      <ConfigFile text={text} isHidden={holdsSecrets} />
      <div className="flex flex-wrap gap-2">
        <CopyFile text={text} />
        <Button
          aria-describedby={holdsSecrets ? savedId : undefined}
          onClick={() => saveTextFile(name, text)}
        >
          <Download aria-hidden size={14} />
          {t('window.serverConfig.save')}
        </Button>
      </div>
      {holdsSecrets && (
        <FieldNote id={savedId} tone="warning" text={t('window.serverConfig.savedReadable')} />
      )}
      <p className="text-xs text-muted wrap-anywhere">
        {t('window.serverConfig.check', { command: check })}
      </p>
    </div>
  );
}

function Warning({ children }: { children: string }) {
  return <FieldNote id={useId()} tone="warning" text={children} />;
}

/** Closed, while the keys in it would be seen. */
function ConfigFile({ text, isHidden }: { text: string; isHidden: boolean }) {
  const { t } = useMessages();
  return (
    <details open={!isHidden}>
      <summary className="text-xs text-muted">{t('window.serverConfig.file')}</summary>
      <pre
        tabIndex={0}
        role="region"
        aria-label={t('window.serverConfig.fileLabel')}
        className="mt-1 max-h-80 overflow-auto rounded-lg border border-line p-2.5 text-xs/5"
      >
        <code>{text}</code>
      </pre>
    </details>
  );
}

function CopyFile({ text }: { text: string }) {
  const { t } = useMessages();
  const { outcome, copy } = useCopied();
  const name = t('window.serverConfig.fileLabel');
  return (
    <>
      <Button onClick={() => void copy(text)}>
        <CopySign isCopied={outcome === 'copied'} />
        {t('window.serverConfig.copyFile')}
      </Button>
      <Copied outcome={outcome} name={name} />
    </>
  );
}

const CopySign = ({ isCopied }: { isCopied: boolean }): ReactNode =>
  isCopied ? <Check aria-hidden size={14} /> : <Copy aria-hidden size={14} />;

function CopiedValue({ label, value }: { label: string; value: string }) {
  const { t } = useMessages();
  const { outcome, copy } = useCopied();
  return (
    <div>
      <ValueBox label={label} value={value}>
        <IconButton
          Icon={outcome === 'copied' ? Check : Copy}
          label={t('window.server.copy', { name: label })}
          onClick={() => void copy(value)}
        />
      </ValueBox>
      <Copied outcome={outcome} name={label} />
    </div>
  );
}

interface CopiedProps {
  readonly outcome: ReturnType<typeof useCopied>['outcome'];
  readonly name: string;
}

function Copied({ outcome, name }: CopiedProps) {
  const { t } = useMessages();
  return (
    <p aria-live="polite" className={outcome === 'notCopied' ? 'mt-1 text-xs' : 'sr-only'}>
      {outcome && t(`window.server.${outcome}`, { name })}
    </p>
  );
}
