import { AmfBudget } from '../amf/amf-budget.js';
import { parseAmf0Within, serializeAmf0 } from '../amf/amf0.js';
import type { AmfValue } from '../amf/amf-value.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { withoutFormatSelector } from './format-selector.js';

/** A remote call, its result, or a status, RTMP 1.0 §7.1.1. */
export interface CommandMessage {
  readonly type: 'command';
  readonly streamId: number;
  readonly name: string;
  /** 0 when no answer is expected. */
  readonly transactionId: number;
  /** The command object, then the arguments. */
  readonly values: readonly AmfValue[];
}

/**
 * @param isAmf3 for type 17: a format selector, then AMF0 in which AMF3 values may lie.
 * @returns undefined for a type 17 in a format that nobody has defined.
 */
export function parseCommand(
  payload: Uint8Array,
  streamId: number,
  isAmf3: boolean,
  budget = new AmfBudget(),
): CommandMessage | undefined {
  const body = isAmf3 ? withoutFormatSelector(payload) : payload;
  if (body === undefined) return undefined;
  const [name, transactionId, ...values] = parseAmf0Within(body, budget);
  if (typeof name !== 'string') throw new MalformedError('A command without a name');
  return {
    type: 'command',
    streamId,
    name,
    transactionId: typeof transactionId === 'number' ? transactionId : 0,
    values,
  };
}

export const serializeCommand = ({ name, transactionId, values }: CommandMessage): Uint8Array =>
  serializeAmf0([name, transactionId, ...values]);
