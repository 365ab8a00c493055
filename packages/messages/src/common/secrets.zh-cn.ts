import type { Translation } from '../catalog.js';
import type { secrets as english } from './secrets.en.js';

export const secrets: Translation<typeof english> = {
  system: '串流密钥已加密，加密用的主密钥由系统密钥环为你的账户保管。',
  keyFile:
    '串流密钥已加密，主密钥放在只有你的账户能读的文件里（{{why}}）。这不如系统密钥环安全：能读你文件的人就能解密。',
  keyFileToCome:
    '保存后串流密钥会加密，主密钥放在只有你的账户能读的文件里（{{why}}）。这不如系统密钥环安全：能读你文件的人就能解密。',
  setAside: '原来的密钥文件已损坏，已改名为 {{file}}；保存过的串流密钥需要重新填写。',
};
