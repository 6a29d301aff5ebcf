import { describe, expect, it } from 'vitest';
import { machineZone } from '../src/machine-zone.ts';

describe('the zone of the machine', () => {
  it.each(['UTC', 'Etc/UTC', 'Zulu'])('is UTC where TZ says %s', (zone) =>
    expect(machineZone({ TZ: zone })).toBe('UTC'),
  );

  it.each([
    ['another zone', 'Europe/Berlin'],
    ['a zone whose name ends alike', 'Europe/NotUTC'],
    ['nothing', ''],
  ])('is what Intl says where TZ says %s', (_, zone) =>
    expect(machineZone({ TZ: zone })).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone),
  );

  it('is what Intl says of this machine, asked or not', () =>
    expect(machineZone(process.env)).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone));
});
