import { describe, expect, it } from 'vitest';
import { masked, personalKind } from '../../src/domain/personal-data.ts';

describe('personal data in an id', () => {
  it.each([
    ['ana.lopez+work@mail.example.com', 'e-mail address'],
    ['customer:ana@example.com', 'e-mail address'],
    ['josé@exämple.de', 'e-mail address'],
    ['+49 170 1234567', 'phone number'],
    ['+14155550132', 'phone number'],
    ['(415) 555-0132', 'phone number'],
    ['user 415-555-0132', 'phone number'],
    ['192.168.10.24', 'IP address'],
    ['client@10.1.2.3:443', 'IP address'],
    ['2001:db8::ff00:42:8329', 'IP address'],
    ['078-05-1120', 'social security number'],
    ['AB 12 34 56 C', 'national insurance number'],
    ['4111 1111 1111 1111', 'payment card number'],
    ['378282246310005', 'payment card number'],
  ])('%s is a %s', (text, kind) => {
    expect(personalKind(text)).toBe(kind);
  });

  it.each([
    ['an internal id', 'cus_9f8e7d6c5b4a'],
    ['a UUID', '3f2504e0-4f89-11d3-9a0c-0305e82c3301'],
    ['a day', '2026-11-22'],
    ['a time', '09:15:00'],
    ['an instant', '1763800000000'],
    ['a version', 'v1.2.3'],
    ['a version of four parts past 255', '10.300.1.2'],
    ['bare digits, which may be any id', '4155550132'],
    ['sixteen digits that carry no check digit', '4111111111111112'],
    ['a number that social security never gives', '666-12-1234'],
    ['a name of code', 'shop::cart'],
    ['an at sign without a domain', 'ana@home'],
    ['a text of many digits and dots', '1.'.repeat(400)],
    ['nothing', ''],
  ])('%s is none', (_, text) => {
    expect(personalKind(text)).toBeUndefined();
  });

  it('looks no further than the beginning of a huge text, and takes no time for it', () => {
    expect(personalKind('a'.repeat(1_000_000))).toBeUndefined();
    expect(personalKind('a@'.repeat(500_000))).toBeUndefined();
  });

  it('is shown by its ends alone, and short texts not at all', () => {
    expect(masked('ana@example.com')).toBe('a***m');
    expect(masked('10.1.2.3')).toBe('1***3');
    expect(masked('a@b.de')).toBe('***');
    expect(masked('😀na@example.com')).toBe('😀***m');
  });
});
