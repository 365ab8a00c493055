/** Calls `listener` when the user, or the system, allows or forbids camera or microphone. Returns how to stop. */
export function onPermissionChange(listener: () => void): () => void {
  if (!('permissions' in navigator)) return () => undefined;
  const abort = new AbortController();
  const { signal } = abort;
  for (const name of ['camera', 'microphone'] as const) {
    navigator.permissions.query({ name }).then(
      (status) => status.addEventListener('change', listener, { signal }),
      // A browser that does not know the name tells of nothing.
      () => undefined,
    );
  }
  return () => abort.abort();
}
