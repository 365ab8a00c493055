import { longestProfileValues, shortenMiddle } from '@tallylight/contract';
import { useStore } from 'zustand';
import { useMessages, useStudio } from '../../control/studio-context.js';
import type { Answer, Question } from '../../state/questions-store.js';
import { Button, type ButtonProps } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';

interface Choice {
  readonly answer: Answer;
  readonly kind: NonNullable<ButtonProps['kind']>;
}

const renewal: readonly Choice[] = [
  { answer: 'cancel', kind: 'primary' },
  { answer: 'renew', kind: 'danger' },
];

const stopping: readonly Choice[] = [
  { answer: 'cancel', kind: 'primary' },
  { answer: 'stop', kind: 'danger' },
];

/** The safest first. */
const choices: Record<Question['type'], readonly Choice[]> = {
  unsaved: [
    { answer: 'save', kind: 'primary' },
    { answer: 'discard', kind: 'danger' },
    { answer: 'cancel', kind: 'plain' },
  ],
  deleteKey: [
    { answer: 'keep', kind: 'primary' },
    { answer: 'delete', kind: 'danger' },
    { answer: 'cancel', kind: 'plain' },
  ],
  stop: stopping,
  stopOne: stopping,
  publishKey: renewal,
  playKey: renewal,
};

/** Asks before something is lost that cannot be had again. */
export function QuestionDialog() {
  const { t } = useMessages();
  const { questions } = useStudio();
  const { question, answer } = useStore(questions);
  if (!question) return undefined;
  const name = 'name' in question ? shortenMiddle(question.name, longestProfileValues.name) : '';
  return (
    <Dialog
      key={question.type}
      title={
        // A profile that was begun may have no name yet.
        question.type === 'unsaved' && name === ''
          ? t('window.questions.unsaved.titleNew')
          : t(`window.questions.${question.type}.title`, { name })
      }
      text={t(`window.questions.${question.type}.text`)}
      onCancel={() => answer('cancel')}
    >
      {choices[question.type].map((choice) => (
        <Button key={choice.answer} kind={choice.kind} onClick={() => answer(choice.answer)}>
          {t(`window.questions.answers.${choice.answer}`)}
        </Button>
      ))}
    </Dialog>
  );
}
