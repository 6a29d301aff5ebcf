import type { RulePlan } from './allocation-plan.ts';
import { addMonths } from './calendar-months.ts';

const DAY_MS = 86_400_000;

/** The day by which a rule has to be looked at again, as its first instant in milliseconds UTC. */
export const dueDay = ({ lastReviewed, reviewEvery }: RulePlan): number =>
  addMonths(lastReviewed, reviewEvery.months) + reviewEvery.days * DAY_MS;

/** Whether the day has passed: a rule that is due today is not overdue. */
export const isOverdue = (rule: RulePlan, now: number): boolean => now >= dueDay(rule) + DAY_MS;
