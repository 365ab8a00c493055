import type { Translation } from '../catalog.js';
import type { slate as english } from './slate.en.js';

export const slate: Translation<typeof english> = { words: '马上回来' };
