/** True for a system error of this code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** True for a failed call of the operating system, as opposed to an error in what was read. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'errno' in error;
}
