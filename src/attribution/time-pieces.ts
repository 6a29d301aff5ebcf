import type { AskSpend, Span, SpendAnswer, SpendQuery } from '../domain/spend.ts';

/** A part of a span in which the same rules hold. */
export interface SpanPiece {
  readonly kind: 'span';
  readonly span: Span;
  /** An instant in it, milliseconds UTC. */
  readonly at: number;
}

/** Such a part, or what has no time. */
export type TimePiece = SpanPiece | { readonly kind: 'undated'; readonly at: undefined };

/** An answer over one piece, from the calls as they were logged. */
export interface PieceAnswer {
  readonly piece: TimePiece;
  readonly answer: SpendAnswer;
}

/** Cuts a span where rules begin and end. A span without bounds that is not cut holds what has no time too. */
export function timePieces(span: Span, cuts: readonly number[]): readonly SpanPiece[] {
  const { start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY } = span;
  const edges = [start, ...cuts.filter((cut) => cut > start && cut < end), end];
  return edges.slice(0, -1).map((from, index) => {
    const to = edges[index + 1] ?? end;
    return {
      kind: 'span',
      at: from,
      span: {
        ...(Number.isFinite(from) ? { start: from } : {}),
        ...(Number.isFinite(to) ? { end: to } : {}),
      },
    };
  });
}

/**
 * Asks a question piece by piece, each answered under the rules of its time. What has no time is left out of
 * every span that has a bound, so that it is asked for by itself where a span without bounds was cut.
 */
export function askByPieces(
  ask: AskSpend,
  query: SpendQuery,
  cuts: readonly number[],
): readonly PieceAnswer[] {
  const pieces = timePieces(query.span, cuts);
  const answers = pieces.map((piece) => ({ piece, answer: askPiece(ask, query, piece) }));
  const isWhole = query.span.start === undefined && query.span.end === undefined;
  const leftOut = answers[0]?.answer.undatedLeftOut ?? 0n;
  if (!isWhole || pieces.length === 1 || leftOut === 0n) return answers;
  const undated: TimePiece = { kind: 'undated', at: undefined };
  return [...answers, { piece: undated, answer: askPiece(ask, query, undated) }];
}

/** Asks a question over one piece. Only steps of time tell calls without a time from the others. */
export function askPiece(ask: AskSpend, query: SpendQuery, piece: TimePiece): SpendAnswer {
  if (piece.kind === 'span') return ask({ ...query, span: piece.span });
  const answer = ask({ ...query, span: {}, grain: 'month' });
  return { ...answer, rows: answer.rows.filter(({ step }) => step === null) };
}
