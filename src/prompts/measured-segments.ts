import type { NumberSource } from '../domain/number-source.ts';
import type { Origin } from '../errors.ts';
import type { Part, PrefixEnd } from './costed-prompt.ts';
import {
  addCounts,
  countOf,
  type TokenCount,
  type TokenCounter,
  type ToolDefinition,
} from './counting/token-count.ts';
import type { Content, ImageSource, Message } from './prompt.ts';
import type { Piece } from './rendering/output.ts';
import type { Values } from './rendering/values.ts';

/** A stretch of a request that one thing accounts for, in the order of the request. */
export interface Segment {
  readonly part: Part;
  readonly variable?: string;
  readonly tokens: TokenCount;
  readonly source: NumberSource;
  readonly origin?: Origin;
  /** Why it may differ from call to call; absent where it does not. */
  readonly varies?: PrefixEnd;
  /** Index of its message; -1 for what stands before all messages. */
  readonly message: number;
}

/** Width and height in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** What a request is made of, and what is known of the sizes in it. */
export interface SegmentRequest {
  /** In the order in which the provider reads them. */
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice?: string;
  /** What tools take that nobody defines, in tokens. */
  readonly moreToolTokens?: number;
  readonly outputSchema?: unknown;
  readonly counter: TokenCounter;
  readonly values: Values;
  /** Variables whose size nobody gave. */
  readonly assumed: ReadonlySet<string>;
  /** Pixels of an image; `undefined` where its header says none. */
  readonly imageSize: (source: ImageSource) => ImageSize | undefined;
  readonly assumedImage: ImageSize;
}

/** Everything but the frame of messages, counted: schema and tools first, then messages with their content. */
export function segmentsOf(request: SegmentRequest): readonly Segment[] {
  return [
    ...beforeMessages(request),
    ...request.messages.flatMap((message, index) =>
      runsOf(message.content).flatMap((run) => contentSegments(run, message, index, request)),
    ),
  ];
}

function beforeMessages(request: SegmentRequest): readonly Segment[] {
  const { counter, tools, toolChoice, moreToolTokens, outputSchema } = request;
  const segments: Segment[] = [];
  const add = (part: Part, tokens: TokenCount, source: NumberSource = tokens.source): void =>
    void segments.push({ part, tokens, source, message: -1 });
  if (outputSchema !== undefined) add('schema', counter.schema(outputSchema));
  if (tools.length > 0)
    add(
      'tools',
      counter.tools(tools, {
        hasSystem: request.messages.some(({ role }) => isSystem(role)),
        ...(toolChoice === undefined ? {} : { choice: toolChoice }),
      }),
    );
  if (moreToolTokens !== undefined) add('tools', countOf(moreToolTokens, 'counted'), 'declared');
  return segments;
}

/** Roles whose messages come first with providers that keep instructions apart. */
export const isSystem = (role: string): boolean => role === 'system' || role === 'developer';

/** Text that follows text is one text to a tokenizer, whoever wrote its pieces. */
type Run = readonly Piece[] | Exclude<Content, { kind: 'text' }>;

function runsOf(content: readonly Content[]): readonly Run[] {
  return content.map((item) => (item.kind === 'text' ? item.pieces : item));
}

const isPieces = (run: Run): run is readonly Piece[] => Array.isArray(run);

function contentSegments(
  run: Run,
  { example }: Message,
  message: number,
  request: SegmentRequest,
): readonly Segment[] {
  if (isPieces(run))
    return textSegments(run, request).map((segment) => ({
      ...segment,
      message,
      part: segment.variable !== undefined ? 'variable' : example ? 'examples' : 'instructions',
    }));
  if (run.kind === 'image') return [imageSegment(run, message, request)];
  // It is told in a finding; here it only ends what is the same in every call.
  return [
    {
      part: example ? 'examples' : 'instructions',
      tokens: addCounts(),
      source: 'unknown',
      varies: { kind: 'unresolved', what: run.what },
      message,
    },
  ];
}

type TextSegment = Omit<Segment, 'part' | 'message'>;

function textSegments(pieces: readonly Piece[], request: SegmentRequest): readonly TextSegment[] {
  const counts = textCounts(pieces, request.counter);
  return pieces.map((piece, index) => {
    const { variable, varies } = piece;
    const given = variable === undefined ? undefined : request.values.get(variable)?.origin;
    const origin = given ?? (piece.kind === 'text' ? piece.origin : undefined);
    const assumed = variable !== undefined && request.assumed.has(variable);
    const tokens =
      piece.kind === 'sized'
        ? countOf(piece.tokens, assumed ? 'assumed' : 'counted')
        : (counts.get(index) ?? addCounts());
    return {
      tokens,
      source: piece.kind === 'sized' ? (assumed ? 'assumed' : 'declared') : tokens.source,
      ...(variable === undefined ? {} : { variable }),
      ...(origin === undefined ? {} : { origin }),
      ...(varies
        ? {
            varies: {
              kind: 'variable',
              variable: variable ?? '',
              ...(origin === undefined ? {} : { origin }),
            },
          }
        : {}),
    };
  });
}

/** Counts by index of the text pieces. What only a size is known of parts a text in two. */
function textCounts(
  pieces: readonly Piece[],
  counter: TokenCounter,
): ReadonlyMap<number, TokenCount> {
  const counts = new Map<number, TokenCount>();
  let run: { readonly index: number; readonly text: string }[] = [];
  const count = (): void => {
    const found = counter.texts(run.map(({ text }) => text));
    for (const [at, { index }] of run.entries()) counts.set(index, found[at] ?? addCounts());
    run = [];
  };
  for (const [index, piece] of pieces.entries())
    if (piece.kind === 'text') run.push({ index, text: piece.text });
    else if (run.length > 0) count();
  if (run.length > 0) count();
  return counts;
}

function imageSegment(
  image: Extract<Content, { kind: 'image' }>,
  message: number,
  { counter, imageSize, assumedImage }: SegmentRequest,
): Segment {
  const size = imageSize(image.source);
  const tokens = counter.image(size ?? assumedImage, image.detail);
  const place = image.source.kind === 'file' ? { origin: { file: image.source.path } } : {};
  return {
    part: 'images',
    tokens: size === undefined ? { ...tokens, source: 'assumed' } : tokens,
    source: size === undefined ? 'assumed' : tokens.source,
    message,
    ...place,
    ...(image.varies === true ? { varies: { kind: 'variable', variable: 'image', ...place } } : {}),
  };
}
