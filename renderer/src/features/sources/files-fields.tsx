import { Plus } from 'lucide-react';
import { useRef } from 'react';
import { useStore } from 'zustand';
import { useAddFiles } from '../../control/use-add-files.js';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { Button } from '../../ui/button.js';
import { CheckField } from '../../ui/check-field.js';
import { pickFiles } from '../../ui/pick-files.js';
import { FilePlayer } from './file-player.js';
import { useReorder } from '../../ui/use-reorder.js';
import { ListedFileRow, SentFileRow } from './file-row.js';

/** The files that are played in place of a camera: their order, how they are sent, and what is on. */
export function FilesFields() {
  const { t } = useMessages();
  const { files: store } = useStudio();
  const { list, sent, update, move } = useStore(store);
  const addFiles = useAddFiles();
  const { files, playback, repeat, copy } = list;
  const order = useRef<HTMLOListElement>(null);
  const reorder = useReorder(
    order,
    files.map(({ id }) => id),
    (id, to) => void move(id, to),
  );
  return (
    <div className="space-y-2">
      {playback && <FilePlayer playback={playback} />}
      {files.length + sent.length > 0 && (
        <ol
          ref={order}
          aria-label={t('window.files.title')}
          className="max-h-72 divide-y divide-line overflow-y-auto rounded-lg border border-line"
        >
          {files.map((file, place) => (
            <ListedFileRow key={file.id} {...{ file, place, reorder }} />
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
