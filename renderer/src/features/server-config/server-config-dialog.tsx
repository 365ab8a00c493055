import type { ServerConfigField } from '@tallylight/contract';
import { useEffect, useId, useRef, type SubmitEvent } from 'react';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { sentences } from '../../state/sentences.js';
import { Button } from '../../ui/button.js';
import { WindowDialog } from '../../ui/window-dialog.js';
import { ServerConfigForm } from './server-config-form.js';
import { ServerConfigResult } from './server-config-result.js';

/** Writes the configuration of another server, nginx or SRS. */
export function ServerConfigDialog() {
  const isOpen = useStore(useStudio().serverConfig, (state) => state.isOpen);
  return isOpen ? <Opened /> : undefined;
}

function Opened() {
  const messages = useMessages();
  const { t, language } = messages;
  const { close, write, isWriting, written, problems, refusals } = useStore(
    useStudio().serverConfig,
  );
  const form = useRef<HTMLFormElement>(null);
  const result = useRef<HTMLElement>(null);
  const formId = useId();
  const refusalsBefore = useRef(refusals);
  useEffect(() => {
    if (refusals === refusalsBefore.current) return;
    refusalsBefore.current = refusals;
    form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [refusals]);
  useEffect(() => {
    // In one column it is below the form.
    if (written) result.current?.scrollIntoView({ block: 'start' });
  }, [written]);
  const errorOf = (field: ServerConfigField): string | undefined => {
    const problem = problems.find((each) => each.field === field);
    if (!problem) return undefined;
    const { message, remedy } = messages.error(problem.error);
    // What to do is to change the field, unless there is more to say.
    const said =
      problem.error.code === 'INVALID_OPTION' ? message : sentences(messages, message, remedy);
    if (problem.index === undefined) return said;
    return t('window.serverConfig.line', { line: problem.index + 1, problem: said });
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!isWriting) void write(language);
  };
  return (
    <WindowDialog
      title={t('window.serverConfig.title')}
      closeLabel={t('window.serverConfig.close')}
      onClose={close}
      actions={
        <>
          <p aria-live="polite" className="mr-auto text-xs">
            {written && t('window.serverConfig.written')}
            {problems.length > 0 && t('window.serverConfig.notWritten')}
          </p>
          <Button type="submit" form={formId} kind="primary" disabled={isWriting}>
            {t('window.serverConfig.write')}
          </Button>
        </>
      }
    >
      <div className="grid md:min-h-full md:grid-cols-2">
        <form
          id={formId}
          ref={form}
          onSubmit={submit}
          noValidate
          autoComplete="off"
          className="min-w-0 space-y-4 p-5"
        >
          <ServerConfigForm errorOf={errorOf} />
        </form>
        <section
          ref={result}
          aria-label={t('window.serverConfig.result')}
          className="min-w-0 border-line p-5 max-md:border-t md:border-l"
        >
          {written ? (
            <ServerConfigResult written={written} />
          ) : (
            <p className="text-muted">{t('window.serverConfig.nothingYet')}</p>
          )}
        </section>
      </div>
    </WindowDialog>
  );
}
