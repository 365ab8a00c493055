import { appErrorSchema, AppError, describeError, reason } from '@tallylight/contract';

/** Without an answer, or a byte on its way, for so long the engine is gone. Milliseconds. */
const silentMs = 60_000;

/**
 * Sends a file to the server that served this page: a page is not told where its files are. Not by `fetch`, which does not
 * tell how far it is.
 *
 * @throws AppError why it was not taken.
 */
export function uploadFile(file: File, onProgress: (ratio: number) => void): Promise<void> {
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    const broken = (): AppError =>
      new AppError(
        describeError(
          'FILE_NOT_TAKEN',
          { file: file.name, reason: reason('transfer-broken') },
          'camera',
        ),
      );
    let timer: ReturnType<typeof setTimeout> | undefined;
    const watch = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), silentMs);
    };
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      watch();
      onProgress(total > 0 ? loaded / total : 0);
    });
    request.addEventListener('loadend', () => {
      clearTimeout(timer);
      if (request.status === 204) resolve();
      else reject(refusalOf(request) ?? broken());
    });
    request.open('PUT', `/files/${encodeURIComponent(file.name)}`);
    watch();
    request.send(file);
  });
}

function refusalOf({ status, responseText }: XMLHttpRequest): AppError | undefined {
  if (status !== 422) return undefined;
  return new AppError(appErrorSchema.parse(JSON.parse(responseText)));
}
