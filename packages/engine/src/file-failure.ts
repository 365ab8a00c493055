/** What systems call a failed access to a file, and what people call it. */
const words: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'the file exists already',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is full',
  EROFS: 'the disk can only be read',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
  EIO: 'the disk does not work',
};

/** Why a file cannot be read, to stand after a colon. */
export const whyUnreadable = (error: unknown): string => why(error, 'there is no such file');

/** Why a file cannot be written, to stand after a colon. */
export const whyUnwritable = (error: unknown): string => why(error, 'there is no such folder');

function why(error: unknown, absent: string): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return code === 'ENOENT' ? absent : (words[code] ?? error.message);
}
