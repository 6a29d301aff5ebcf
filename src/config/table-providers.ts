import { providerName } from '../domain/provider-names.ts';

/** Providers as price tables call them, where that is not how logs do (collected 2026-11-22). */
const WRITTEN: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'amazon-bedrock': 'bedrock',
    aws: 'bedrock',
    dashscope: 'alibaba',
    'fireworks-ai': 'fireworks',
    'google-vertex': 'vertex',
    'google-vertex-anthropic': 'vertex',
    jina_ai: 'jina',
    llama: 'meta',
    meta_llama: 'meta',
    moonshotai: 'moonshot',
    togetherai: 'together',
    voyageai: 'voyage',
    'z-ai': 'zai',
  }),
);

/** A provider of a price table under the name that our cards have for it, if they have one. */
export const ourProvider = (written: string): string =>
  WRITTEN.get(written.toLowerCase()) ?? providerName(written);
