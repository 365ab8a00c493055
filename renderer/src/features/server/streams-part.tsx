import type { ServerRefusal, ServerSnapshot, ServerStream } from '@tallylight/contract';
import { useMessages } from '../../control/studio-context.js';
import { streamFacts, streamViewers } from '../../state/server-stream-text.js';
import { sentences } from '../../state/sentences.js';
import { formatTimeOfDay } from '../../state/time-format.js';
import { Part } from './part.js';

/** What is live, who watches it, and who was not let in. */
export function StreamsPart({ streams, refusals }: Pick<ServerSnapshot, 'streams' | 'refusals'>) {
  const { t } = useMessages();
  return (
    <>
      <Part title={t('window.server.streams')}>
        {streams.length === 0 && <p className="text-muted">{t('window.server.noStreams')}</p>}
        <ul className="space-y-1.5">
          {streams.map((stream) => (
            <StreamItem key={`${stream.app}/${stream.name}`} stream={stream} />
          ))}
        </ul>
      </Part>
      {refusals.length > 0 && (
        <Part title={t('window.server.refused')}>
          <ul className="space-y-1 text-xs">
            {refusals.map((refusal) => (
              <RefusalItem
                key={JSON.stringify({ ...refusal, at: 0, times: 0 })}
                refusal={refusal}
              />
            ))}
          </ul>
        </Part>
      )}
    </>
  );
}

function StreamItem({ stream }: { stream: ServerStream }) {
  const messages = useMessages();
  return (
    <li className="rounded-lg border border-line bg-raised px-2.5 py-2">
      <p className="font-semibold wrap-anywhere">
        {stream.app}/{stream.name}
      </p>
      <p className="numbers text-muted">{streamFacts(stream, messages)}</p>
      <p className="numbers">{streamViewers(stream, messages)}</p>
    </li>
  );
}

function RefusalItem({ refusal: { role, remote, why, at, times } }: { refusal: ServerRefusal }) {
  const messages = useMessages();
  const { t } = messages;
  const time = formatTimeOfDay(at, messages);
  const what = t(`window.server.${role}Refused`, { remote, why: messages.wording(why) });
  const when = t(times === 1 ? 'window.server.lastAt' : 'window.server.lastOf', { time, times });
  return <li className="wrap-anywhere">{sentences(messages, what, when)}</li>;
}
