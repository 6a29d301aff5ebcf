import { type Adapter, skip } from './contract/adapter.ts';
import { hasKeys } from './contract/columns.ts';
import { at } from './contract/fields.ts';

export default {
  id: 'cloudflare-aig-logpush',
  title: 'Cloudflare AI Gateway Logpush: encrypted, refused',
  source: {
    url: 'https://developers.cloudflare.com/ai-gateway/observability/logging/logpush/',
    checked: '2026-11-21',
  },
  recognizes: (record) =>
    ['RequestBody', 'ResponseBody', 'Metadata'].some((body) =>
      hasKeys(at(record, body), 'key', 'iv', 'data'),
    ),
  normalize: () => skip('encrypted Logpush record'),
  refuses: {
    reason: 'the bodies and token counts are encrypted',
    remedy:
      "Decrypt the response bodies with your private key and ingest those, or fetch the same calls from the gateway's logs API.",
  },
} satisfies Adapter;
