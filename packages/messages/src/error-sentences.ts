/** An error in words. */
export interface ErrorSentences {
  /** What happened. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}
