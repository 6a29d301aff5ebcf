import {
  type CountedCall,
  countedName,
  type CountingRules,
  type FrameRule,
  type ImageRule,
  ruleFor,
  type RuleScope,
  type SchemaRule,
  type TextRule,
  type ToolRule,
} from '../../domain/counting-rules.ts';
import { imageTokens } from './image-tokens.ts';
import { openTextCount, type TextCount } from './text-count.ts';
import {
  addCounts,
  countOf,
  NO_TOKENS,
  ruledCount,
  type TokenCount,
  type TokenCounter,
} from './token-count.ts';
import {
  renderNamespace,
  renderSchemaJson,
  renderSchemaSection,
  renderToolsJson,
} from './tool-rendering.ts';

/** Opens the counter of a model. Never throws for one nobody knows: its counts are assumed, with a wide band. */
export type OpenTokenCounter = (
  provider: string | undefined,
  model: string,
) => Promise<TokenCounter>;

/** Counters by the rules in force on a day, `2026-11-21`. Encodings are loaded when a model needs them. */
export function openTokenCounters(rules: CountingRules, day: string): OpenTokenCounter {
  const texts = new Map<TextRule, Promise<TextCount>>();
  const textOf = (rule: TextRule): Promise<TextCount> => {
    const known = texts.get(rule);
    if (known !== undefined) return known;
    const opening = openTextCount(rule);
    texts.set(rule, opening);
    return opening;
  };
  return async (provider, model) => {
    const call: CountedCall = {
      provider: provider?.toLowerCase(),
      model: countedName(model),
      day,
    };
    const rule = needed(rules.text, call, 'text');
    return counterOf(model, rule, await textOf(rule), {
      frame: needed(rules.frames, call, 'frames'),
      tools: needed(rules.tools, call, 'tools'),
      schema: needed(rules.schemas, call, 'schemas'),
      image: needed(rules.images, call, 'images'),
    });
  };
}

/** The rule for a call. The last rule of every list is for any model, so that there is one. */
function needed<Rule extends RuleScope>(
  rules: readonly Rule[],
  call: CountedCall,
  list: string,
): Rule {
  const rule = ruleFor(rules, call);
  if (rule === undefined) throw new Error(`rates/counting.yaml: ${list} has no rule for "*"`);
  return rule;
}

interface OtherRules {
  readonly frame: FrameRule;
  readonly tools: ToolRule;
  readonly schema: SchemaRule;
  readonly image: ImageRule;
}

function counterOf(
  model: string,
  rule: TextRule,
  { text, texts }: TextCount,
  rules: OtherRules,
): TokenCounter {
  return {
    model,
    encoding: rule.encoding,
    method: methodOf(rule),
    text,
    texts,
    frame: (messages) => {
      if (messages.length === 0) return NO_TOKENS;
      const { perMessage, perName, reply, countsRoles } = rules.frame;
      const words = messages.flatMap(({ role, name }) => [
        ...(countsRoles ? [role] : []),
        ...(name === undefined || perName === 0 ? [] : [name]),
      ]);
      const named = messages.filter(({ name }) => name !== undefined).length;
      const constants = messages.length * perMessage + named * perName + reply;
      // The rule's band is that of the whole frame: bands of single words, rounded up, would add to nonsense.
      const spoken = words.reduce((sum, word) => sum + text(word).tokens, 0);
      const { source } = words.length === 0 ? NO_TOKENS : text('');
      return ruledBy(rules.frame, countOf(constants + spoken, source));
    },
    tools: (tools, context) => {
      if (tools.length === 0) return NO_TOKENS;
      const rendering =
        rules.tools.rendering === 'namespace' ? renderNamespace(tools) : renderToolsJson(tools);
      const names = tools.map(({ name }) => name);
      const sum = addCounts(text(rendering), toolConstants(rules.tools, names, context, text));
      return ruledBy(rules.tools, sum);
    },
    schema: (schema) =>
      ruledBy(
        rules.schema,
        text(
          rules.schema.rendering === 'section'
            ? renderSchemaSection(schema)
            : renderSchemaJson(schema),
        ),
      ),
    image: (size, detail) =>
      ruledCount(imageTokens(rules.image.formula, size, detail), rules.image),
  };
}

/** Words by which requests ask for some tool without naming it. */
const ANY_TOOL: ReadonlySet<string> = new Set(['any', 'required', 'tool']);

function toolConstants(
  rule: ToolRule,
  names: readonly string[],
  { hasSystem, choice }: { readonly hasSystem: boolean; readonly choice?: string },
  text: TextCount['text'],
): TokenCount {
  const named = choice !== undefined && names.includes(choice);
  const forced = named || ANY_TOOL.has(choice ?? '');
  const constant =
    (forced ? rule.onceForced : rule.once) +
    (choice === 'none' && !named ? rule.choiceNone : 0) -
    (hasSystem ? rule.lessWithSystem : 0);
  const fixed = ruledCount(constant, {});
  return named && rule.countsForcedName ? addCounts(fixed, text(choice)) : fixed;
}

/** A count that is also subject to a rule: with the rule's band around its own, its label if weaker, and its note. */
function ruledBy(rule: RuleScope, count: TokenCount): TokenCount {
  const { below = 0, above = 0 } = rule.band ?? {};
  const label = addCounts(count, ruledCount(0, rule));
  return {
    ...label,
    low: Math.floor((count.low * (100 - below)) / 100),
    high: Math.ceil((count.high * (100 + above)) / 100),
  };
}

function methodOf({ family, encoding, weights, multiply, scripts, band }: TextRule): string {
  if (weights !== undefined) return `${encoding} weighed by class of piece for ${family}`;
  if (multiply !== 1) return `${encoding} times ${multiply} for ${family}`;
  return scripts.length > 0 || band !== undefined ? `${encoding} for ${family}` : encoding;
}
