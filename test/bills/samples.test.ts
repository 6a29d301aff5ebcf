import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addAmounts, amountText, parseAmount, trimmedAmount } from '../../src/domain/bill.ts';
import { desk } from '../support/fake-runtime.ts';
import { amountsOf, linesOfBill, type ListedBill, listedBills, plain } from '../support/bills.ts';

// The numbers were worked out from the records by other means than this code.
const FIXTURES = join(import.meta.dirname, '../fixtures/bills');
const samples: readonly Sample[] = JSON.parse(
  readFileSync(join(FIXTURES, 'expected-samples.json'), 'utf8'),
);

interface Sample {
  readonly format: string;
  readonly file: string;
  readonly skipped: number;
  readonly lines: readonly ExpectedLine[];
}

interface ExpectedLine {
  readonly day?: string;
  readonly billed: string;
  readonly labels?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

const NOTHING: ExpectedLine = { billed: '' };
const MONEY = new Set(['billed', 'effective', 'list', 'quantity']);

/** Of a line, what was worked out for it, in the same spelling. */
const likeExpected = (line: Readonly<Record<string, unknown>>, expected: ExpectedLine) =>
  Object.fromEntries(
    Object.keys(expected).map((key) => {
      const found = line[key];
      if (key === 'day') return [key, String(line['start']).slice(0, 10)];
      if (MONEY.has(key)) return [key, plain(found)];
      if (key === 'tags')
        return [key, Object.fromEntries(String(found).split(' ').filter(Boolean).map(pairOf))];
      if (key === 'labels')
        return [key, expected.labels?.filter((label) => String(found).split(' ').includes(label))];
      return [key, found];
    }),
  );

const pairOf = (text: string): [string, string] => {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
};

const normal = (line: ExpectedLine) =>
  Object.fromEntries(
    Object.entries(line).map(([key, value]) => [key, MONEY.has(key) ? plain(value) : value]),
  );

it('has a sample of every format of bills', () => {
  const formats = readdirSync(join(import.meta.dirname, '../../src/adapters/bills'));
  const known = new Set(samples.map(({ format }) => `${format}.ts`));
  expect(formats.filter((file) => !known.has(file))).toEqual([]);
});

describe.each(samples)('$file', ({ format, file, skipped, lines }) => {
  const path = join(FIXTURES, format, file);

  it('has the lines, amounts and tokens that were worked out', async () => {
    const here = desk();
    const counts = await here.ingest(path);
    expect(counts).toMatchObject({ new: 0, skipped, rejected: 0 });
    const found = await linesOfBill(here);
    expect(new Set(found.map((line) => line['format']))).toEqual(new Set([format]));
    const inOrder = matchOrder(found, lines);
    expect(inOrder.map((line, index) => likeExpected(line, lines[index] ?? NOTHING))).toEqual(
      lines.map(normal),
    );
    expect(found).toHaveLength(lines.length);
  });

  it('keeps and excludes exactly what was billed', async () => {
    const here = desk();
    await here.must('ingest', '--quiet', path);
    const bills: readonly ListedBill[] = await listedBills(here);
    const total = trimmedAmount(amountsOf(lines.map(({ billed }) => billed)));
    const listed = bills.map(({ kept, excluded }) =>
      addAmounts(parseAmount(kept) ?? total, parseAmount(excluded) ?? total),
    );
    expect(amountText(trimmedAmount(listed.reduce(addAmounts)))).toBe(amountText(total));
    expect(amountText(trimmedAmount(amountsOf(bills.map(({ billed }) => billed))))).toBe(
      amountText(total),
    );
  });

  it('counts once however often it is read, and is no usage', async () => {
    const here = desk();
    await here.must('ingest', '--quiet', path);
    const before = await linesOfBill(here);
    await here.must('ingest', '--quiet', path);
    // As other bytes of the same content, under another name.
    here.write(`again/${file}`, readFileSync(path));
    await here.must('ingest', '--quiet', join(here.folder, 'again'));
    expect(await linesOfBill(here)).toEqual(before);
    expect(await here.events()).toEqual([]);
    await here.must('doctor');
  });
});

/** The rows in the order expected: rows of a document share a line, and what is charged tells them apart. */
function matchOrder(
  found: readonly Readonly<Record<string, unknown>>[],
  lines: readonly ExpectedLine[],
): readonly Readonly<Record<string, unknown>>[] {
  const left = [...found];
  return lines.map(({ billed, day }) => {
    const at = left.findIndex(
      (line) =>
        plain(line['billed']) === plain(billed) && String(line['start']).startsWith(day ?? ''),
    );
    return at < 0 ? {} : (left.splice(at, 1)[0] ?? {});
  });
}
