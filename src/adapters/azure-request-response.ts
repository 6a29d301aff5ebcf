import { type Adapter, skip } from './contract/adapter.ts';
import { azureLogRows } from './contract/azure-log-row.ts';

export default {
  id: 'azure-request-response',
  title: 'Azure OpenAI diagnostic logs, category RequestResponse',
  source: {
    url: 'https://learn.microsoft.com/azure/ai-foundry/openai/how-to/monitor-openai',
    checked: '2026-11-21',
  },
  recognizes: (record) => azureLogRows(record, 'RequestResponse').length > 0,
  normalize: () => skip('request without token counts'),
  refuses: {
    reason: 'they count the bytes of requests and responses, not their tokens',
    remedy:
      'Ingest logs of category AzureOpenAIRequestUsage, or the response bodies that your application or API Management keeps.',
  },
} satisfies Adapter;
