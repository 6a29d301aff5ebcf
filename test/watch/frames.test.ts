import { describe, expect, it } from 'vitest';
import { textWidth } from '../../src/render/text-width.ts';
import { frameText } from '../../src/watch/frame.tsx';
import type { WatchKey } from '../../src/watch/keys.ts';
import { firstState, reduce, type WatchState } from '../../src/watch/state.ts';
import { morning, snapshotOf } from '../support/watch-screen.ts';

const SIZES = [
  [40, 12],
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

const frame = (state: WatchState, width: number, height: number): string =>
  frameText({ state, color: false, ledger: '.aicost/ledger.db' }, { width, height });

const press = (state: WatchState, ...names: readonly WatchKey['name'][]): WatchState =>
  names.reduce((at, name) => reduce(at, { kind: 'pressed', key: { name } }), state);

const linesOf = (text: string): readonly string[] => text.replace(/\n$/, '').split('\n');

describe('a frame', () => {
  it.each(SIZES)('of %i x %i reads well', async (width, height) => {
    await expect(frame(morning(), width, height)).toMatchFileSnapshot(
      `golden/frame-${width}x${height}.txt`,
    );
  });

  it.each([
    ['help', ['help']],
    ['calls', ['tab']],
    ['alarms', ['back-tab']],
  ] as const)('of 40 x 12 shows %s alone', async (name, keys) => {
    await expect(frame(press(morning(), ...keys), 40, 12)).toMatchFileSnapshot(
      `golden/frame-40x12-${name}.txt`,
    );
  });

  it('of an open row has its models, runs and dearest calls', async () => {
    const { calls, top } = snapshotOf({ by: 'feature', span: 'today' });
    const open = press(morning(), 'enter');
    const state = reduce(open, {
      kind: 'answered',
      snapshot: snapshotOf(
        { by: 'feature', span: 'today', inside: 'support' },
        {
          inside: {
            by: 'feature',
            name: 'support',
            models: top.slice(2, 4),
            runs: top.slice(3, 6),
            dearest: calls.slice(0, 8),
          },
        },
      ),
    });
    await expect(frame(state, 80, 24)).toMatchFileSnapshot('golden/frame-80x24-open.txt');
  });

  it('before the first answer says that it reads', async () => {
    await expect(frame(firstState('feature', 'today'), 80, 24)).toMatchFileSnapshot(
      'golden/frame-80x24-reading.txt',
    );
  });

  it('of an empty ledger has no borders that are broken and no zero that is unknown', async () => {
    const empty = morning({ top: [], calls: [], alarms: [] });
    await expect(frame(empty, 80, 24)).toMatchFileSnapshot('golden/frame-80x24-empty.txt');
  });

  it.each([
    [39, 12, 'aicost watch needs 40x12', 'this is 39x12'],
    [80, 5, 'aicost watch needs 40x12', 'this is 80x5'],
  ])('of %i x %i says what it needs', (width, height, first, second) => {
    expect(linesOf(frame(morning(), width, height)).map((line) => line.trimEnd())).toEqual([
      first,
      second,
    ]);
  });

  const widths = [40, 41, 47, 59, 60, 79, 80, 100, 109, 110, 111, 133, 200];
  it.each(widths)('%i columns wide fills the screen and no line more', (width) => {
    for (const height of [12, 17, 33])
      for (const keys of [[], ['tab'], ['back-tab'], ['help'], ['unit'], ['enter']] as const) {
        const lines = linesOf(frame(press(morning(), ...keys), width, height));
        expect(lines.length).toBe(height);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
        // Every line between header and footer begins and ends with a border.
        for (const line of lines.slice(2, -1)) {
          expect(line).toMatch(/^[╭│╰].*[╮│╯]$/);
          expect(textWidth(line)).toBe(width);
        }
      }
  });

  it('says what is waited for', () => {
    const looked = { kind: 'looked', missing: ['soon\u001b[2J.jsonl'], unread: [] } as const;
    const text = frame(reduce(morning(), looked), 80, 24);
    expect(linesOf(text).at(-1)?.trimEnd()).toBe(String.raw`! waiting for soon\u{1b}[2J.jsonl`);
  });

  it('lets no control character of a log through', () => {
    const text = frame(morning(), 80, 24);
    expect(text).toContain(String.raw`ärger \u{1b}[31mrot\u{202e} 客户支持`);
    expect(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(text)).toBe(false);
  });

  it('says by its words what colours say, so that it is the same without them', () => {
    const state = press(morning(), 'pause');
    const plain = frame(state, 80, 24);
    expect(plain).toContain('‖ paused');
    expect(plain).toContain('> support');
    expect(plain).toContain('failure');
    expect(plain).toContain('! retry loop');
  });
});
