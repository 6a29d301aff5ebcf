import type { ImageFormula, PatchLimits } from '../../domain/counting-rules.ts';

/** Sides of an image in pixels, both above 0. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Tokens of an image by a formula. A detail that the formula does not know counts as its usual one. */
export function imageTokens(formula: ImageFormula, size: ImageSize, detail?: string): number {
  switch (formula.kind) {
    case 'tiles':
      return tileTokens(formula, size, detail);
    case 'patches':
      return patchTokens(formula, size, detail);
    case 'grid':
      return gridTokens(formula, size);
    case 'blocks':
      return Math.max(size.width, size.height) <= formula.small
        ? formula.tokens
        : formula.tokens * squares(size, formula.size);
    case 'fixed':
      return formula.details.get(detail ?? '') ?? formula.details.get(formula.usual) ?? 0;
  }
}

type Formula<Kind extends ImageFormula['kind']> = Extract<ImageFormula, { readonly kind: Kind }>;

/** Squares of a side that cover an image. */
const squares = ({ width, height }: ImageSize, side: number): number =>
  Math.ceil(width / side) * Math.ceil(height / side);

const scaled = ({ width, height }: ImageSize, factor: number): ImageSize => ({
  width: width * factor,
  height: height * factor,
});

const fitted = (size: ImageSize, side: number): ImageSize =>
  scaled(size, Math.min(1, side / Math.max(size.width, size.height)));

function tileTokens(formula: Formula<'tiles'>, size: ImageSize, detail?: string): number {
  if (detail === 'low') return formula.base;
  const inSquare = fitted(size, formula.fit);
  const short = Math.min(inSquare.width, inSquare.height);
  const shown = scaled(inSquare, Math.min(1, formula.shortSide / short));
  return formula.base + formula.tile * squares(rounded(shown), formula.size);
}

/** Whole pixels, since a side of 1536.0000000001 is not a tile more. */
const rounded = ({ width, height }: ImageSize): ImageSize => ({
  width: Math.max(1, Math.round(width)),
  height: Math.max(1, Math.round(height)),
});

function patchTokens(formula: Formula<'patches'>, size: ImageSize, detail?: string): number {
  const limits = formula.details.get(detail ?? '') ?? formula.details.get(formula.usual);
  const patches = patchCount(rounded(fitted(size, limits?.side ?? Infinity)), formula.size, limits);
  const { digits, scale } = formula.multiply;
  const unit = 10n ** BigInt(scale);
  // Rounded up in whole numbers: 1.2 times 1,000 is no token more than 1,200.
  return Number((BigInt(patches) * digits + unit - 1n) / unit);
}

/** Patches of an image, shrunk where they are more than the budget so that its sides are whole patches. */
function patchCount(size: ImageSize, side: number, limits: PatchLimits | undefined): number {
  const patches = squares(size, side);
  if (limits?.budget === undefined || patches <= limits.budget) return patches;
  const shrink = Math.sqrt((side * side * limits.budget) / (size.width * size.height));
  const [across, down] = [(size.width * shrink) / side, (size.height * shrink) / side];
  const whole = Math.min(Math.floor(across) / across, Math.floor(down) / down);
  const { width, height } = scaled(size, shrink * whole);
  // An image thinner than a patch cannot be shrunk to whole patches: it takes what the budget allows.
  if (width < 1 || height < 1) return limits.budget;
  return squares({ width: Math.floor(width), height: Math.floor(height) }, side);
}

/** The largest size of the same shape that meets edge and budget, found by halving on the long edge. */
function gridTokens({ size: side, edge, budget }: Formula<'grid'>, size: ImageSize): number {
  const long = Math.max(size.width, size.height);
  const short = Math.min(size.width, size.height);
  const tokensAt = (longEdge: number): number =>
    squares({ width: longEdge, height: Math.max(1, halfEven((short * longEdge) / long)) }, side);
  const fits = (longEdge: number): boolean => longEdge <= edge && tokensAt(longEdge) <= budget;
  if (fits(long)) return squares(size, side);
  let [fitting, tooLong] = [1, Math.min(long, edge) + 1];
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2);
    if (fits(middle)) fitting = middle;
    else tooLong = middle;
  }
  return tokensAt(fitting);
}

function halfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
