/** A log file of the demo: its name and its lines. */
export interface InventedFile {
  readonly name: string;
  readonly lines: readonly string[];
}

/** The month that the demo tells of; fixed, so that everybody sees the same numbers. */
export const MONTH_START = Date.UTC(2026, 9, 1);
const DAYS = 31;
const DAY_MS = 86_400_000;
/** First instant after the month. */
export const MONTH_END = MONTH_START + DAYS * DAY_MS;
const CUSTOMERS = ['acme', 'globex', 'initech', 'umbrella'];

/** Numbers that look random and are the same on every machine (mulberry32): whole, from 0 to below a bound. */
export function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** Throws a number below a bound. */
export type Dice = (below: number) => number;

/** Instants of calls: office hours see most of them, weekends few. */
function* moments(start: number, roll: Dice, perDay: number): Generator<number> {
  for (let day = 0; day < DAYS; day += 1) {
    const weekday = new Date(start + day * DAY_MS).getUTCDay();
    const calls = weekday === 0 || weekday === 6 ? Math.ceil(perDay / 4) : perDay - 5 + roll(11);
    const times = Array.from(
      { length: calls },
      () => start + day * DAY_MS + (7 + roll(12)) * 3_600_000 + roll(3_600_000),
    );
    yield* times.sort((a, b) => a - b);
  }
}

const pick = (roll: Dice, names: readonly string[]): string => names[roll(names.length)] ?? '';
const iso = (time: number): string => new Date(time).toISOString();

/**
 * 31 days of usage at an invented company, in five formats that real tools write. The same every time, but for the
 * midnight UTC that they start at.
 */
export const inventedMonth = (start = MONTH_START): readonly InventedFile[] => [
  { name: 'search-service.jsonl', lines: [...searchService(start, dice(11))] },
  { name: 'support-agent.jsonl', lines: [...supportAgent(start, dice(23))] },
  { name: 'gateway.jsonl', lines: [...gateway(start, dice(37))] },
  { name: 'traces.otlp.jsonl', lines: [...traces(start, dice(41))] },
  { name: 'claude-code.jsonl', lines: [...codingSessions(start, dice(53))] },
];

/** OpenAI response bodies, as a service logs them. */
function* searchService(month: number, roll: Dice): Generator<string> {
  let count = 0;
  for (const time of moments(month, roll, 60)) {
    count += 1;
    const prompt = 900 + roll(2_600);
    const cached = roll(3) > 0 ? Math.floor(prompt * 0.6) : 0;
    const completion = 60 + roll(240);
    yield JSON.stringify({
      id: `chatcmpl-demo${count}`,
      object: 'chat.completion',
      created: Math.floor(time / 1000),
      model: roll(10) === 0 ? 'gpt-5.4-2026-03-05' : 'gpt-4o-mini-2024-07-18',
      choices: [{ index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'stop' }],
      usage: {
        prompt_tokens: prompt,
        completion_tokens: completion,
        total_tokens: prompt + completion,
        prompt_tokens_details: { cached_tokens: cached },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
      service_tier: 'default',
      metadata: { feature: 'search', team: 'search', env: 'prod', customer: pick(roll, CUSTOMERS) },
    });
  }
}

/** aicost's own JSONL: an agent that answers tickets in steps. */
function* supportAgent(month: number, roll: Dice): Generator<string> {
  let run = 0;
  for (const start of moments(month, roll, 9)) {
    run += 1;
    const customer = pick(roll, CUSTOMERS);
    const steps = ['classify', 'retrieve', 'draft', ...(roll(3) === 0 ? ['draft'] : []), 'review'];
    for (const [index, step] of steps.entries()) {
      const thinks = step === 'draft';
      yield JSON.stringify({
        id: `sup-${run}-${index + 1}`,
        time: iso(start + index * 4_000 + roll(2_000)),
        provider: 'anthropic',
        model: thinks ? 'claude-sonnet-4-6' : 'claude-haiku-4-5-20251001',
        input_tokens: 200 + roll(800),
        cache_read_tokens: index === 0 ? 0 : 6_000 + roll(9_000),
        cache_write_tokens: index === 0 ? 7_000 : roll(600),
        output_tokens: thinks ? 500 + roll(1_500) : 40 + roll(160),
        latency_ms: thinks ? 4_000 + roll(9_000) : 400 + roll(900),
        retry_count: roll(25) === 0 ? 1 : 0,
        status: 'success',
        tags: {
          feature: 'support',
          team: 'support',
          env: 'prod',
          customer,
          agent: 'ticket-agent',
          run: `ticket-${1000 + run}`,
          step,
        },
      });
    }
  }
}

/** LiteLLM logging payloads: several products behind one gateway, some calls untagged, some failed. */
function* gateway(month: number, roll: Dice): Generator<string> {
  let count = 0;
  for (const time of moments(month, roll, 22)) {
    count += 1;
    const failed = roll(30) === 0;
    // A model that no rate card knows: aicost says so instead of counting it as free.
    const model = roll(60) === 0 ? 'house-llm-70b' : roll(4) === 0 ? 'o3' : 'gpt-4.1-mini';
    const [prompt, completion] = failed ? [0, 0] : [1_500 + roll(5_000), 200 + roll(900)];
    const tagged = roll(5) > 0;
    const seconds = time / 1000;
    yield JSON.stringify({
      id: `gw-${count}`,
      trace_id: `trace-gw-${count}`,
      call_type: 'acompletion',
      status: failed ? 'failure' : 'success',
      custom_llm_provider: 'openai',
      model,
      model_group: model,
      response_cost: 0,
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: prompt + completion,
      startTime: seconds,
      endTime: seconds + 1 + roll(9),
      metadata: {
        user_api_key_alias: tagged ? 'checkout-prod' : 'shared-key',
        user_api_key_team_alias: tagged ? 'payments' : null,
        user_api_key_user_id: null,
        spend_logs_metadata: tagged
          ? {
              feature: pick(roll, ['invoice-parse', 'refund-triage']),
              env: 'prod',
              customer: pick(roll, CUSTOMERS),
            }
          : null,
        usage_object: failed
          ? null
          : {
              prompt_tokens: prompt,
              completion_tokens: completion,
              total_tokens: prompt + completion,
            },
      },
      request_tags: [],
      error_information: failed ? { error_code: '429', error_class: 'RateLimitError' } : null,
    });
  }
}

/** OpenTelemetry spans, one trace a line. */
function* traces(month: number, roll: Dice): Generator<string> {
  let count = 0;
  for (const time of moments(month, roll, 14)) {
    count += 1;
    const id = count.toString(16).padStart(16, '0');
    const input = 3_000 + roll(20_000);
    const attribute = (key: string, value: string | number): object => ({
      key,
      value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
    });
    yield JSON.stringify({
      resourceSpans: [
        {
          resource: {
            attributes: [
              attribute('service.name', 'document-pipeline'),
              attribute('deployment.environment.name', 'prod'),
            ],
          },
          scopeSpans: [
            {
              scope: { name: 'document-pipeline' },
              spans: [
                {
                  traceId: `${id}${id}`,
                  spanId: id,
                  name: 'chat gemini-2.5-flash',
                  kind: 3,
                  startTimeUnixNano: `${time}000000`,
                  endTimeUnixNano: `${time + 2_000 + roll(8_000)}000000`,
                  attributes: [
                    attribute('gen_ai.operation.name', 'chat'),
                    attribute('gen_ai.provider.name', 'gcp.gemini'),
                    attribute(
                      'gen_ai.response.model',
                      roll(5) === 0 ? 'gemini-2.5-pro' : 'gemini-2.5-flash',
                    ),
                    attribute('gen_ai.response.id', `gem-demo-${count}`),
                    attribute('gen_ai.usage.input_tokens', input),
                    attribute('gen_ai.usage.output_tokens', 300 + roll(1_200)),
                    attribute('feature', 'summarize'),
                    attribute('team', 'growth'),
                    attribute('customer', pick(roll, CUSTOMERS)),
                  ],
                  status: {},
                },
              ],
            },
          ],
        },
      ],
    });
  }
}

/** Claude Code sessions of two developers: untagged, but for the folder they work in. */
function* codingSessions(month: number, roll: Dice): Generator<string> {
  let count = 0;
  for (const time of moments(month, roll, 12)) {
    count += 1;
    const project = pick(roll, ['shop', 'billing']);
    const usage = {
      input_tokens: 4 + roll(60),
      cache_read_input_tokens: 12_000 + roll(60_000),
      cache_creation_input_tokens: 800 + roll(4_000),
      output_tokens: 150 + roll(1_800),
      service_tier: 'standard',
    };
    yield JSON.stringify({
      type: 'assistant',
      timestamp: iso(time),
      sessionId: `session-${project}-${new Date(time).getUTCDate()}`,
      cwd: `/home/dev/${project}`,
      gitBranch: 'main',
      version: '2.1.40',
      isSidechain: false,
      requestId: `req_demo${count}`,
      uuid: `demo-${count}`,
      message: {
        id: `msg_demo${count}`,
        type: 'message',
        role: 'assistant',
        model: roll(3) === 0 ? 'claude-opus-4-6' : 'claude-sonnet-4-6',
        content: [],
        usage: {
          ...usage,
          cache_creation: {
            ephemeral_5m_input_tokens: 0,
            ephemeral_1h_input_tokens: usage.cache_creation_input_tokens,
          },
        },
      },
    });
  }
}
