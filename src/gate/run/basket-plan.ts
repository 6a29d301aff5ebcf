import type { VariablePlan } from '../../domain/prompt-plan.ts';
import type { PlannedPrompt } from '../../prompts/estimate-request.ts';

/**
 * Base's plan of a prompt as head is compared by it: base's volumes and sizes, with what head alone has. Where both
 * say that a file is a variable's sample, head says which: a sample is content, and content is what is compared.
 */
export function basketPlan(base: PlannedPrompt, head: PlannedPrompt | undefined): PlannedPrompt {
  if (base.entry === undefined || head?.entry === undefined || base.entry === head.entry)
    return base;
  const variables = new Map(head.entry.variables);
  for (const [name, plan] of base.entry.variables) {
    const other = variables.get(name);
    if (!isFile(plan) || !isFile(other)) variables.set(name, plan);
  }
  return { ...base, entry: { ...base.entry, variables } };
}

const isFile = (plan: VariablePlan | undefined): boolean => plan?.content.kind === 'file';
