import type { Catalog } from '../catalog.js';
import { errors } from './errors.en.js';
import { errors as errorsZhCn } from './errors.zh-cn.js';
import { morePhases, phases } from './phases.en.js';
import { morePhases as morePhasesZhCn, phases as phasesZhCn } from './phases.zh-cn.js';
import { presetGroups, presets } from './presets.en.js';
import { presetGroups as presetGroupsZhCn, presets as presetsZhCn } from './presets.zh-cn.js';
import { reasons } from './reasons.en.js';
import { reasons as reasonsZhCn } from './reasons.zh-cn.js';
import { remedies } from './remedies.en.js';
import { remedies as remediesZhCn } from './remedies.zh-cn.js';
import { secrets } from './secrets.en.js';
import { secrets as secretsZhCn } from './secrets.zh-cn.js';
import { slate } from './slate.en.js';
import { slate as slateZhCn } from './slate.zh-cn.js';

const en = {
  unknown: 'unknown',
  errors,
  reasons,
  remedies,
  phases,
  morePhases,
  secrets,
  slate,
  presets,
  presetGroups,
  gaveUp: {
    refused: 'The server refuses the stream, so Tallylight no longer tries.',
    failed: 'Tallylight no longer tries.',
  },
} as const;

/** What is said in more than one place. */
export const commonCatalog = {
  en,
  'zh-CN': {
    unknown: '未知',
    errors: errorsZhCn,
    reasons: reasonsZhCn,
    remedies: remediesZhCn,
    phases: phasesZhCn,
    morePhases: morePhasesZhCn,
    secrets: secretsZhCn,
    slate: slateZhCn,
    presets: presetsZhCn,
    presetGroups: presetGroupsZhCn,
    gaveUp: { refused: '服务器拒绝了推流，不再自动重试。', failed: '不再自动重试。' },
  },
} as const satisfies Catalog<typeof en>;
