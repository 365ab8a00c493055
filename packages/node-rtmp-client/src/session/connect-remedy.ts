import { isAmfObject, type AmfValue } from '../amf/amf-value.js';
import { findInformation } from './server-status.js';

/** Why `connect` was refused, where there may be something to be done about it. */
export type ConnectRemedy =
  /** Adobe's redirect, `ex.code` 302: where to connect to instead. */
  | { readonly type: 'redirect'; readonly url: string }
  /** The words of a server that may ask for authentication, as they are; not to be shown. */
  | { readonly type: 'words'; readonly description: string };

const redirectCode = 302;

/** @param values of the refusal. */
export function remedyOf(values: readonly AmfValue[]): ConnectRemedy | undefined {
  const information = findInformation(values);
  const ex = information?.['ex'];
  if (isAmfObject(ex) && ex['code'] === redirectCode && typeof ex['redirect'] === 'string') {
    return { type: 'redirect', url: ex['redirect'] };
  }
  const description = information?.['description'];
  return typeof description === 'string' ? { type: 'words', description } : undefined;
}
