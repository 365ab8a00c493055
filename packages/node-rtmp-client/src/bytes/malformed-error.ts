/** Input that breaks the rules of its format, or ends too early. Thrown by every parser of this library. */
export class MalformedError extends Error {
  readonly code = 'malformed';

  constructor(message: string) {
    super(message);
    this.name = 'MalformedError';
  }
}
