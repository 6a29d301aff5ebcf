// The product whose calls the bench invents: who owns which feature, and which models it asks.

/** A model as a log names it, with who serves it. */
export interface Served {
  readonly provider: string;
  readonly model: string;
  /** Writes its prompt cache at a price of its own. */
  readonly writesCache?: true;
  /** Thinks before it answers. */
  readonly reasons?: true;
}

/** A feature belongs to one team and one workflow, is deployed by one service that spells its environment one way, and asks a few models. */
export interface Feature {
  readonly feature: string;
  readonly team: string;
  readonly workflow: string;
  readonly steps: readonly string[];
  /** How the service that runs it writes that it is in production. */
  readonly production: string;
  /** The model of most steps, then those of some. */
  readonly models: readonly [Served, ...Served[]];
}

const MINI: Served = { provider: 'openai', model: 'gpt-4o-mini-2024-07-18' };
const FULL: Served = { provider: 'openai', model: 'gpt-4.1-2025-04-14' };
const THINKER: Served = { provider: 'openai', model: 'gpt-5-mini-2025-08-07', reasons: true };
const HAIKU: Served = {
  provider: 'anthropic',
  model: 'claude-haiku-4-5-20251001',
  writesCache: true,
};
const SONNET: Served = { provider: 'anthropic', model: 'claude-sonnet-4-6', writesCache: true };
const FLASH: Served = { provider: 'google', model: 'gemini-2.5-flash', reasons: true };
/** No rate card knows it, as it happens in life. */
const OWN: Served = { provider: 'house', model: 'house-ranker-70b' };

const PRODUCTION = ['prod', 'prod', 'production', 'Prod'] as const;

/** What a workflow does, and with which models. */
interface Workflow {
  readonly workflow: string;
  readonly steps: readonly string[];
  readonly models: Feature['models'];
}

const ANSWER: Workflow = {
  workflow: 'answer-question',
  steps: ['rewrite-query', 'retrieve', 'rank', 'answer', 'check-citations'],
  models: [MINI, FULL, OWN],
};
const TICKET: Workflow = {
  workflow: 'resolve-ticket',
  steps: ['classify', 'retrieve', 'draft', 'review'],
  models: [HAIKU, SONNET],
};
const EXTRACT: Workflow = {
  workflow: 'extract-fields',
  steps: ['split-pages', 'extract', 'validate'],
  models: [FLASH, MINI],
};
const PLAN: Workflow = {
  workflow: 'plan-and-act',
  steps: ['plan', 'call-tool', 'reflect', 'summarize'],
  models: [SONNET, THINKER],
};
const WRITE: Workflow = {
  workflow: 'write-text',
  steps: ['outline', 'write', 'edit'],
  models: [THINKER, FULL],
};

const TEAMS: readonly (readonly [team: string, ...features: (readonly [string, Workflow])[]])[] = [
  ['search', ['site-search', ANSWER], ['help-center', ANSWER], ['suggestions', WRITE]],
  ['support', ['ticket-reply', TICKET], ['ticket-triage', TICKET], ['call-summary', WRITE]],
  ['payments', ['invoice-parse', EXTRACT], ['refund-triage', TICKET], ['dispute-letter', WRITE]],
  ['growth', ['onboarding-chat', ANSWER], ['campaign-copy', WRITE], ['lead-scoring', EXTRACT]],
  ['documents', ['contract-review', EXTRACT], ['document-chat', ANSWER], ['redaction', EXTRACT]],
  ['data', ['report-builder', PLAN], ['sql-assistant', PLAN], ['chart-captions', WRITE]],
  ['platform', ['code-review', PLAN], ['incident-notes', WRITE], ['log-explainer', ANSWER]],
  ['logistics', ['route-planner', PLAN], ['customs-forms', EXTRACT], ['carrier-mail', TICKET]],
];

/** Every feature, in a fixed order. */
export const FEATURES: readonly Feature[] = TEAMS.flatMap(([team, ...features], row) =>
  features.map(([feature, { workflow, steps, models }], column) => ({
    feature,
    team,
    workflow,
    steps,
    production: PRODUCTION[(row + column) % PRODUCTION.length] ?? 'prod',
    models,
  })),
);
