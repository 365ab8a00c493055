import { format } from 'prettier';

/** Between these in ARCHITECTURE.md it stands. */
const begin = '<!-- drawn by scripts/draw-reconnect-machine.mjs -->';
const end = '<!-- end of the drawing -->';

const policy = { delayMs: () => 1, limitMs: 1_000 };
const late = 1_000_000_000;

/** Everything that can happen, in each way that may lead elsewhere. */
const events = [
  ...['media', 'published', 'accepted', 'due', 'retry', 'network-up', 'sent', 'stop-overdue'].map(
    (type) => ({ type }),
  ),
  { type: 'stable', at: 0 },
  ...['line', 'busy', 'denied', 'unanswered', 'final'].flatMap((cause) =>
    [0, late].map((at) => ({ type: 'lost', cause, at })),
  ),
  ...['stopped', 'source-ended'].map((reason) => ({ type: 'finish', reason })),
];

/** What is drawn of an event: who stops, and whose program is over, go the same way but for the last of them. */
const label = ({ type, reason }) => (type === 'finish' ? reasons[reason] : type);
const reasons = { stopped: 'stop', 'source-ended': 'source ended' };

/**
 * Every way from a state to another, found by trying everything that can happen in all states that it leads to.
 *
 * @returns {{ ways: Map<string, Set<string>>, told: Map<string, Set<string>> }} from "state → state" to the events that
 *   lead there, and from the state to what people are told of it
 */
function explore({ stepReconnect, shownState }) {
  const ways = new Map();
  const told = new Map();
  const seen = new Set();
  const open = [{ type: 'idle' }];
  for (let state = open.pop(); state; state = open.pop()) {
    addTo(told, state.type, shownState(state));
    for (const event of events) {
      let next;
      try {
        next = stepReconnect(state, event, policy).state;
      } catch {
        continue; // It cannot happen there.
      }
      if (next.type !== state.type) {
        addTo(ways, `${state.type} → ${next.type}`, label(event));
      }
      const known = withoutCounts(next);
      const key = JSON.stringify(known);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(known);
    }
  }
  return { ways, told };
}

const addTo = (map, key, value) => map.set(key, (map.get(key) ?? new Set()).add(value));

/** Counts that only make waits longer would make of one state any number. */
function withoutCounts(state) {
  if (!state.history) return state;
  const { shortLives } = state.history;
  const history = { ...state.history, tries: 0, attempt: 0, shortLives: Math.min(3, shortLives) };
  return { ...state, history };
}

function diagram(states, ways) {
  const lines = [...ways]
    .map(([way, names]) => [...way.split(' → '), [...names].join(', ')])
    .toSorted(([a], [b]) => states.indexOf(a) - states.indexOf(b))
    .map(([from, to, names]) => `  ${from} --> ${to}: ${names}`);
  return ['```mermaid', 'stateDiagram-v2', '  [*] --> idle', ...lines, '  ended --> [*]', '```'];
}

const seconds = (ms) => `${ms / 1000} s`;

const cases = {
  'each-reading': 'for each reading of the URL',
  'since-first-frame': 'from the first frame',
  'nothing-taken': 'while nothing is taken',
  'no-sign-of-life': 'without a sign of life',
  'in-any-case': 'at the longest',
};

function deadlineTable(states, { stateDeadlines, defaultTiming }, { ways, told }) {
  const rows = states.map((state) => {
    const deadlines = stateDeadlines[state].map(
      ({ within, then, when }) =>
        `${seconds(defaultTiming[within])} (\`${within}\`) ${cases[when]}: ${then}`,
    );
    const outs = [...ways].filter(([way]) => way.startsWith(`${state} → `));
    const byPeople = outs
      .flatMap(([way, names]) =>
        ['stop', 'retry']
          .filter((name) => names.has(name))
          .map((name) => `${name} → ${way.split(' → ')[1]}`),
      )
      .toSorted();
    return `| ${state} | ${[...told.get(state)].join(', ')} | ${deadlines.join('; ') || '–'} | ${byPeople.join(', ') || '–'} |`;
  });
  return ['| state | told as | at the latest | by people |', '| --- | --- | --- | --- |', ...rows];
}

/**
 * The machine that decides about reconnecting, as a state diagram and a table of its deadlines, in Markdown.
 *
 * @param machine its modules
 */
export async function drawReconnectMachine(machine) {
  const states = Object.keys(machine.stateDeadlines);
  const found = explore(machine);
  const lines = [...diagram(states, found.ways), '', ...deadlineTable(states, machine, found)];
  return (await format(lines.join('\n'), { parser: 'markdown', printWidth: 120 })).trimEnd();
}

/**
 * @param page the text of ARCHITECTURE.md
 * @param drawing Markdown
 * @returns the text with the drawing in its place
 */
export function withDrawing(page, drawing) {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error('ARCHITECTURE.md has no place for the drawing');
  return `${before}${begin}\n\n${drawing}\n\n${end}${after}`;
}
