/** The global scope of a dedicated worker, which TypeScript's DOM library does not describe. */
export interface WorkerScope<Received, Sent> {
  postMessage(message: Sent, transfer?: Transferable[]): void;
  onMessage(listener: (message: Received) => void): void;
}

/** Call it in a worker only. */
export function workerScope<Received, Sent>(): WorkerScope<Received, Sent> {
  const scope = self as unknown as {
    postMessage(message: Sent, transfer?: Transferable[]): void;
    addEventListener(type: 'message', listener: (event: MessageEvent<Received>) => void): void;
  };
  return {
    postMessage: scope.postMessage.bind(scope),
    onMessage: (listener) => scope.addEventListener('message', (event) => listener(event.data)),
  };
}
