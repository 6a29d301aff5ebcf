import { providerName } from '../domain/provider-names.ts';
import type { UsageEvent } from '../domain/usage.ts';
import { type Adapter, type AdapterReader, type Normalized, skip } from './contract/adapter.ts';
import { codexUsage, openCodexTotals, totalsKey } from './contract/codex-totals.ts';
import { at, isFields, isoTimeAt, presentTags, textAt } from './contract/fields.ts';

export default {
  id: 'codex-rollout',
  title: 'Codex CLI session logs: sessions/**/rollout-*.jsonl',
  source: { url: 'https://developers.openai.com/codex/local-config', checked: '2026-11-21' },
  recognizes: (record) =>
    LINES.has(textAt(record, 'type') ?? '') &&
    isFields(at(record, 'payload')) &&
    textAt(record, 'timestamp') !== undefined,
  normalize: (record) => openSession().normalize(record),
  open: () => openSession(),
} satisfies Adapter;

const LINES: ReadonlySet<string> = new Set([
  'session_meta',
  'turn_context',
  'response_item',
  'event_msg',
  'compacted',
]);

/** What the lines so far say about the calls to come. */
interface Session {
  readonly id: string | undefined;
  /** The session whose history this one begins with, and the oldest one known that it goes back to. */
  readonly parent: string | undefined;
  readonly root: string | undefined;
  readonly began: number | undefined;
  readonly provider: string;
  readonly cwd: string | undefined;
  readonly branch: string | undefined;
}

const NO_SESSION: Session = {
  id: undefined,
  parent: undefined,
  root: undefined,
  began: undefined,
  provider: 'openai',
  cwd: undefined,
  branch: undefined,
};

/** The session that a session_meta line begins. */
function sessionOf(record: unknown): Session {
  const id = textAt(record, 'payload', 'id');
  const parent = parentOf(record);
  return {
    id,
    parent,
    root: parent ?? id,
    began: isoTimeAt(record, 'payload', 'timestamp') ?? isoTimeAt(record, 'timestamp'),
    provider: providerName(textAt(record, 'payload', 'model_provider') ?? 'openai'),
    cwd: textAt(record, 'payload', 'cwd'),
    branch: textAt(record, 'payload', 'git', 'branch'),
  };
}

const parentOf = (record: unknown): string | undefined =>
  textAt(record, 'payload', 'forked_from_id') ??
  textAt(record, 'payload', 'source', 'subagent', 'thread_spawn', 'parent_thread_id');

function openSession(): AdapterReader {
  let session = NO_SESSION;
  let model: string | undefined;
  let totals = openCodexTotals(false);

  const begin = (record: unknown): Normalized => {
    const id = textAt(record, 'payload', 'id');
    // The history that a fork begins with holds the first line of its parent too.
    if (id !== undefined && session.id !== undefined && id === session.root && id !== session.id)
      session = { ...session, root: parentOf(record) ?? id };
    else if (id === undefined || id !== session.id) {
      session = sessionOf(record);
      model = undefined;
      totals = openCodexTotals(session.parent !== undefined);
    }
    return skip('session_meta line');
  };

  const tokenCount = (record: unknown): Normalized => {
    const counted = totals.next(record);
    if (typeof counted === 'string') return skip(counted);
    const { last, sum, cumulative } = counted;
    const time = isoTimeAt(record, 'timestamp');
    const named = textAt(record, 'payload', 'info', 'model') ?? textAt(record, 'payload', 'model');
    const event: UsageEvent = {
      ...identityOf(session, time, cumulative, totalsKey(sum)),
      time,
      provider: session.provider,
      model: named ?? model ?? 'unknown',
      operation: 'chat',
      status: 'success',
      billable: true,
      countSource: 'reported',
      requests: 1,
      usage: codexUsage(last),
      ...labelsOf(session),
    };
    return { events: [event] };
  };

  return {
    normalize(record) {
      const type = textAt(record, 'type');
      const kind = textAt(record, 'payload', 'type');
      if (type === 'session_meta') return begin(record);
      if (type === 'turn_context') {
        model = textAt(record, 'payload', 'model') ?? model;
        session = { ...session, cwd: textAt(record, 'payload', 'cwd') ?? session.cwd };
        return skip('turn_context line');
      }
      if (type === 'event_msg' && kind === 'token_count') return tokenCount(record);
      return skip(`${kind ?? type ?? 'other'} line`);
    },
    end: () => [],
  };
}

function labelsOf({ cwd, branch }: Session): Pick<UsageEvent, 'labels'> {
  const labels = Object.entries({ cwd, gitBranch: branch }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${value}`],
  );
  return labels.length === 0 ? {} : { labels };
}

const COPYING_MS = 1000;

/**
 * A call is its session and the cumulative count after it. A fork begins with a copy of its parent's
 * calls: copied in the moment it began, they are the parent's; later ones may still be copies, so they
 * give way to a call of the parent with the very same counts.
 */
function identityOf(
  session: Session,
  time: number | undefined,
  cumulative: string,
  counts: string,
): Pick<UsageEvent, 'id' | 'family' | 'replay' | 'tags'> {
  const { id, parent, root, began } = session;
  if (id === undefined) return { id: undefined, tags: {} };
  const copied =
    parent !== undefined && time !== undefined && began !== undefined && time < began + COPYING_MS;
  const owner = copied ? parent : id;
  return {
    id: `${owner}:${cumulative}`,
    family: `${root ?? id}:${counts}`,
    ...(parent !== undefined && { replay: true }),
    tags: presentTags({ session: owner }),
  };
}
