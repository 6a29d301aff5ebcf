import { conventionalFiles } from './conventional-files.ts';
import { dataUrlImageSize, imageSize } from './counting/image-size.ts';
import type { PromptReader } from './estimate-request.ts';
import { openPromptFiles } from './read-prompts.ts';

/** Reads prompts by every format there is. */
export async function openPromptReader(): Promise<PromptReader> {
  const files = await openPromptFiles();
  return {
    ...files,
    conventional: conventionalFiles,
    imageSize: (image) => (typeof image === 'string' ? dataUrlImageSize(image) : imageSize(image)),
  };
}
