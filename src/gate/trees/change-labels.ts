import { readFileSync } from 'node:fs';
import type { Environment } from './git.ts';

/**
 * Labels of the pull request that a job runs for: of GitHub from the file of the event, of GitLab from a variable. None where
 * neither says, or the file is no event: a label only ever allows something.
 */
export function changeLabels(env: Environment): readonly string[] {
  const gitlab = env['CI_MERGE_REQUEST_LABELS'] ?? '';
  if (gitlab !== '') return gitlab.split(',').map((label) => label.trim());
  const file = env['GITHUB_EVENT_PATH'] ?? '';
  if (file === '') return [];
  try {
    return labelsIn(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return [];
  }
}

function labelsIn(event: unknown): readonly string[] {
  const change = field(event, 'pull_request');
  const labels = field(change, 'labels');
  if (!Array.isArray(labels)) return [];
  return labels.flatMap((label: unknown) => {
    const name = field(label, 'name');
    return typeof name === 'string' ? [name] : [];
  });
}

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
