import { serverEngines, serverRoles, type ServerConfigField } from '@tallylight/contract';
import { useId, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { wantsField, type ServerConfigDraft } from '../../state/server-config-store.js';
import { CheckField } from '../../ui/check-field.js';
import { SelectField } from '../../ui/select-field.js';
import { TextAreaField } from '../../ui/text-area-field.js';
import { TextField } from '../../ui/text-field.js';
import { PublishKeyField } from './publish-key-field.js';

export interface ServerConfigFormProps {
  /** What is wrong with a field, in words. */
  readonly errorOf: (field: ServerConfigField) => string | undefined;
}

/** What the server is to do. */
export function ServerConfigForm({ errorOf }: ServerConfigFormProps) {
  const { t } = useMessages();
  const { draft, edit } = useStore(useStudio().serverConfig);
  const { engine, role } = draft;
  const wants = (field: ServerConfigField): boolean => wantsField(draft, field);
  const text = (field: TextFieldName, placeholder?: string): ReactNode =>
    wants(field) && (
      <TextField
        label={t(`window.serverConfig.${field}`)}
        value={draft[field]}
        placeholder={placeholder}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        error={errorOf(field)}
        onChange={(value) => edit({ [field]: value })}
      />
    );
  const check = (field: 'hls' | 'dash' | 'stat'): ReactNode => (
    <CheckField
      label={t(`window.serverConfig.${field}`)}
      checked={draft[field]}
      onChange={(checked) => edit({ [field]: checked })}
    />
  );
  return (
    <>
      <FieldGroup title={t('window.serverConfig.what')}>
        <SelectField
          label={t('window.serverConfig.engine')}
          value={engine}
          options={serverEngines.map((each) => ({
            value: each,
            label: t(`window.serverConfig.engines.${each}`),
          }))}
          onChange={(value) => edit({ engine: value as ServerConfigDraft['engine'] })}
        />
        <SelectField
          label={t('window.serverConfig.role')}
          value={role}
          options={serverRoles.map((each) => ({
            value: each,
            label: t(`window.serverConfig.roles.${each}`),
          }))}
          onChange={(value) => edit({ role: value as ServerConfigDraft['role'] })}
        />
        {text('host', t('window.serverConfig.hostExample'))}
        <div className="grid grid-cols-2 gap-2">
          {text('rtmp')}
          {text('http')}
        </div>
        {text('app')}
        {text('origin', '192.0.2.1:1935')}
        {text('originHttp', t('window.serverConfig.originHttpExample'))}
        {engine === 'nginx' && text('workFolder')}
      </FieldGroup>
      <FieldGroup title={t('window.serverConfig.gives')}>
        <p className="text-xs text-muted">
          {t(engine === 'srs' ? 'window.serverConfig.flvAlways' : 'window.serverConfig.rtmpAlways')}
        </p>
        <div>
          {wants('hls') && check('hls')}
          {wants('dash') && check('dash')}
          {check('stat')}
        </div>
        {!wants('hls') && <p className="text-xs text-muted">{t('window.serverConfig.srsEdge')}</p>}
      </FieldGroup>
      {role !== 'edge' && (
        <FieldGroup title={t('window.serverConfig.comesIn')}>
          {wants('publishKey') ? (
            <PublishKeyField error={errorOf('publishKey')} />
          ) : (
            <p className="text-xs text-muted">{t('window.serverConfig.srsKey')}</p>
          )}
          {text('record', t('window.serverConfig.recordExample'))}
          <TextAreaField
            label={t('window.serverConfig.push')}
            value={draft.push}
            rows={2}
            placeholder={t('window.serverConfig.pushExample')}
            error={errorOf('push')}
            onChange={(push) => edit({ push })}
          />
        </FieldGroup>
      )}
    </>
  );
}

type TextFieldName =
  'host' | 'rtmp' | 'http' | 'app' | 'origin' | 'originHttp' | 'record' | 'workFolder';

function FieldGroup({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id} className="space-y-2">
      <h3 id={id} className="font-semibold">
        {title}
      </h3>
      {children}
    </div>
  );
}
