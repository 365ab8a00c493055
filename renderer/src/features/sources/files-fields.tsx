import { Plus } from 'lucide-react';
import { useStore } from 'zustand';
import { useAddFiles } from '../../control/use-add-files.js';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { Button } from '../../ui/button.js';
import { CheckField } from '../../ui/check-field.js';
import { pickFiles } from '../../ui/pick-files.js';
import { FilePlayer } from './file-player.js';
import { ListedFileRow, SentFileRow } from './file-row.js';

/** The files that are played in place of a camera: their order, how they are sent, and what is on. */
export function FilesFields() {
  const { t } = useMessages();
  const { files: store } = useStudio();
  const { list, sent, update } = useStore(store);
  const addFiles = useAddFiles();
  const { files, playback, repeat, copy } = list;
  return (
    <div className="space-y-2">
      {playback && <FilePlayer playback={playback} />}
      {files.length + sent.length > 0 && (
        <ol
          aria-label={t('window.files.title')}
          className="max-h-72 divide-y divide-line overflow-y-auto rounded-lg border border-line"
        >
          {files.map((file, place) => (
            <ListedFileRow key={file.id} file={file} place={place} />
          ))}
          {sent.map((file) => (
            <SentFileRow key={file.id} file={file} />
          ))}
        </ol>
      )}
      <Button onClick={() => void pickFiles().then(addFiles)}>
        <Plus aria-hidden size={16} />
        {t('window.files.add')}
      </Button>
      <div>
        <CheckField
          label={t('window.files.repeat')}
          checked={repeat}
          onChange={(checked) => void update({ repeat: checked })}
        />
        <CheckField
          label={t('window.files.copy')}
          checked={copy}
          onChange={(checked) => void update({ copy: checked })}
        />
      </div>
    </div>
  );
}
