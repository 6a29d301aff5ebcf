import { readlinkSync } from 'node:fs';

/** Where systems but Windows say which zone their clock shows. */
const LOCAL_TIME = '/etc/localtime';
const UTC_NAMES = /(?:^|\/zoneinfo\/)(?:Etc\/)?(?:UTC|UCT|Universal|Zulu)$/;

/**
 * The IANA zone of the machine: as `Intl` names it. Asking `Intl` takes as long as the rest of a command's
 * start, so that a machine that plainly runs on UTC, as most that run in containers do, is not asked.
 */
export function machineZone(env: Readonly<Record<string, string | undefined>>): string {
  return UTC_NAMES.test(env['TZ'] ?? localTimeLink())
    ? 'UTC'
    : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** What the system's own zone links to; empty where it is no link. */
function localTimeLink(): string {
  try {
    return readlinkSync(LOCAL_TIME);
  } catch {
    return '';
  }
}
