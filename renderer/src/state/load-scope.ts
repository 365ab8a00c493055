import type { SystemInfo } from '@tallylight/contract';

/**
 * What the figures of processor and memory are of: the desktop app knows the processes of its window, but nobody tells the
 * engine which of the machine's are those of the browser that shows it.
 */
export const loadScope = ({ shell }: Pick<SystemInfo, 'shell'>): 'program' | 'engine' =>
  shell === 'electron' ? 'program' : 'engine';
