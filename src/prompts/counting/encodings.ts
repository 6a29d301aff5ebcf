import { cl100kPieceEnd, gpt2PieceEnd, o200kPieceEnd, type PieceEnd } from './pieces.ts';
import { mergedCount, mergedStarts } from './merge.ts';
import { rememberedCounts } from './remembered-counts.ts';
import { readVocabulary } from './vocabulary.ts';

/** The encodings of OpenAI that can be counted exactly. */
export const ENCODINGS = [
  'o200k_base',
  'o200k_harmony',
  'cl100k_base',
  'p50k_base',
  'p50k_edit',
  'r50k_base',
] as const;
/** One of ENCODINGS. */
export type EncodingName = (typeof ENCODINGS)[number];

/** Counts tokens of text. What looks like a special token is text like any other. */
export interface Encoding {
  readonly name: EncodingName;
  /** Tokens of a text; a surrogate without its other half counts as U+FFFD. */
  readonly countText: (text: string) => number;
  /** Tokens of valid UTF-8. */
  readonly countBytes: (bytes: Uint8Array) => number;
  /** Tokens of each piece in order, with where in the bytes it stands. */
  readonly eachPiece: (
    bytes: Uint8Array,
    take: (tokens: number, start: number, end: number) => void,
  ) => void;
  /** Where the tokens of one of these pieces begin. */
  readonly tokenStarts: (bytes: Uint8Array, start: number, end: number) => readonly number[];
}

interface RankFile {
  readonly default: { readonly bpe_ranks: string };
}

interface Source {
  readonly pieceEnd: PieceEnd;
  /** The ranks are megabytes: each file is loaded when its encoding is first asked for. */
  readonly ranks: () => Promise<RankFile>;
}

const O200K: Source = {
  pieceEnd: o200kPieceEnd,
  ranks: () => import('js-tiktoken/ranks/o200k_base'),
};

const SOURCES: Readonly<Record<EncodingName, Source>> = {
  o200k_base: O200K,
  // The same ranks and pattern with more special tokens, which text does not have
  // (https://github.com/openai/tiktoken/blob/main/tiktoken_ext/openai_public.py, 2026-11-21).
  o200k_harmony: O200K,
  cl100k_base: {
    pieceEnd: cl100kPieceEnd,
    ranks: () => import('js-tiktoken/ranks/cl100k_base'),
  },
  p50k_base: { pieceEnd: gpt2PieceEnd, ranks: () => import('js-tiktoken/ranks/p50k_base') },
  p50k_edit: { pieceEnd: gpt2PieceEnd, ranks: () => import('js-tiktoken/ranks/p50k_edit') },
  r50k_base: { pieceEnd: gpt2PieceEnd, ranks: () => import('js-tiktoken/ranks/r50k_base') },
};

/** The encoding of a name; `undefined` for an unknown one. */
export const encodingNamed = (name: string): EncodingName | undefined =>
  ENCODINGS.find((known) => known === name);

const loaded = new Map<EncodingName, Promise<Encoding>>();

/** Loads an encoding, once per process: half a second for the largest. */
export function loadEncoding(name: EncodingName): Promise<Encoding> {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const loading = open(name);
  loaded.set(name, loading);
  return loading;
}

async function open(name: EncodingName): Promise<Encoding> {
  const { pieceEnd, ranks } = SOURCES[name];
  const vocabulary = readVocabulary((await ranks()).default.bpe_ranks);
  const count = rememberedCounts((bytes, start, end) => mergedCount(vocabulary, bytes, start, end));
  const eachPiece: Encoding['eachPiece'] = (bytes, take) => {
    for (let start = 0; start < bytes.length;) {
      const end = pieceEnd(bytes, start);
      take(count(bytes, start, end), start, end);
      start = end;
    }
  };
  const countBytes = (bytes: Uint8Array): number => {
    let tokens = 0;
    eachPiece(bytes, (found) => void (tokens += found));
    return tokens;
  };
  return {
    name,
    eachPiece,
    tokenStarts: (bytes, start, end) => mergedStarts(vocabulary, bytes, start, end),
    countBytes,
    countText: (text) => countBytes(new TextEncoder().encode(text)),
  };
}
