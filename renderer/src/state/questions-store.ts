import type { ServerKey } from '@tallylight/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** What is asked before something is lost that cannot be had again. `name` is a profile's. */
export type Question =
  | { readonly type: 'unsaved'; readonly name: string }
  | { readonly type: 'deleteKey'; readonly name: string }
  | { readonly type: 'stop' }
  /** One destination alone; `name` is its. */
  | { readonly type: 'stopOne'; readonly name: string }
  /** A new key of the built-in server in the place of the old one. */
  | { readonly type: ServerKey };

/** `cancel`: nothing is done at all. */
export type Answer = 'save' | 'discard' | 'delete' | 'keep' | 'stop' | 'renew' | 'cancel';

interface QuestionsState {
  readonly question: Question | undefined;
  /** Resolves with what was answered; a question that is still open is cancelled. */
  readonly ask: (question: Question) => Promise<Answer>;
  readonly answer: (answer: Answer) => void;
}

export type QuestionsStore = StoreApi<QuestionsState>;

export function createQuestionsStore(): QuestionsStore {
  let settle: (answer: Answer) => void = () => undefined;
  return createStore<QuestionsState>()((set) => ({
    question: undefined,
    ask: (question) => {
      settle('cancel');
      const answered = new Promise<Answer>((resolve) => (settle = resolve));
      set({ question });
      return answered;
    },
    answer: (answer) => {
      set({ question: undefined });
      settle(answer);
    },
  }));
}
