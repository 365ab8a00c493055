/** A promise and the functions that settle it. */
export interface PromiseWithResolvers<T = void> {
  readonly promise: Promise<T>;
  /** Resolves the promise; without effect once it has settled. */
  readonly resolve: (value: T) => void;
  /** Rejects the promise; without effect once it has settled. */
  readonly reject: (error: Error) => void;
}

/** As `Promise.withResolvers`, which Node 20 does not have. */
export function withResolvers<T = void>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
