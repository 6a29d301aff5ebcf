import { describe, expect, it } from 'vitest';
import { findFormat, loadFormats } from '../../../src/prompts/format-finder.ts';
import { fixtureFiles } from './prompt-files.ts';

const formats = await loadFormats();

describe('files of formats with roles and parts', () => {
  it.each([
    ['dotprompt', 'mail/reply.prompt', 'dotprompt'],
    ['humanloop', 'weather.prompt', 'humanloop'],
    ['prompty', 'guide.prompty', 'prompty'],
    ['prompty', 'old.prompty', 'prompty'],
    ['baml', 'baml_src/desk.baml', 'baml'],
    ['semantic-kernel', 'Summarize/skprompt.txt', 'semantic-kernel'],
    ['semantic-kernel', 'story.yaml', 'semantic-kernel'],
  ])('of %s: %s is recognized by %s and by no other as surely', (folder, path, id) => {
    const found = findFormat(formats, path, fixtureFiles(folder)[path] ?? '');
    expect(found.kind === 'format' ? found.format.id : found.finding.message).toBe(id);
  });
});
