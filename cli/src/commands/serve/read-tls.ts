import { appError, reason, type ErrorData, type ReasonCode } from '@tallylight/contract';
import { whyUnreadable, type BuiltInServerOptions } from '@tallylight/engine';
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

const invalid = (code: ReasonCode, data?: ErrorData): Error =>
  appError('INVALID_OPTION', { reason: reason(code, data) });

/** A certificate and its key. @throws AppError `INVALID_OPTION`, which says what is wrong with which file. */
export async function readTls(
  certFile: string | undefined,
  keyFile: string | undefined,
): Promise<BuiltInServerOptions['tls']> {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) throw invalid('tls-needs-both');
  const [cert, key] = [await readWhole(certFile), await readWhole(keyFile)];
  const certificate = certificateIn(cert);
  if (!certificate && privateKeyIn(cert) !== undefined && certificateIn(key)) {
    throw invalid('tls-swapped', { cert: certFile, key: keyFile });
  }
  if (!certificate) throw invalid('tls-no-certificate', { file: certFile });
  const privateKey = privateKeyIn(key);
  if (privateKey === undefined) throw invalid('tls-no-key', { file: keyFile });
  if (privateKey === 'encrypted') throw invalid('tls-key-encrypted', { file: keyFile });
  if (!certificate.checkPrivateKey(privateKey)) {
    throw invalid('tls-no-pair', { cert: certFile, key: keyFile });
  }
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw invalid('tls-unusable', { detail });
  }
  return { cert, key };
}

async function readWhole(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw invalid('file-not-read', { file, why: whyUnreadable(error) });
  }
}

function certificateIn(pem: Buffer): X509Certificate | undefined {
  // It would take the binary form, too, which servers do not.
  if (!pem.includes('-----BEGIN ')) return undefined;
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function privateKeyIn(pem: Buffer): KeyObject | 'encrypted' | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return pem.includes('ENCRYPTED') ? 'encrypted' : undefined;
  }
}
