import type { ToolDefinition } from '../counting/token-count.ts';
import type { Finding } from '../finding.ts';
import { at, dataOf, itemsAt, type Located, textAt } from './located.ts';

/** Tools of a request, and what of them is not in the repository. */
export interface ReadTools {
  readonly tools: readonly ToolDefinition[];
  readonly findings: readonly Finding[];
}

/**
 * Tools in any of the shapes that requests write: OpenAI's `{type, function}` and its flat form, Anthropic's
 * `input_schema`, Bedrock's `toolSpec`, Google's `functionDeclarations`, Adaline's `definition`. Tools that a provider brings along (search, MCP) have no
 * definition here, and are a finding.
 */
export function readTools(list: Located | undefined, file: string): ReadTools {
  const tools: ToolDefinition[] = [];
  const findings: Finding[] = [];
  for (const item of itemsAt(list)) {
    const declared = [
      ...itemsAt(item, 'functionDeclarations'),
      ...itemsAt(item, 'function_declarations'),
    ];
    for (const tool of declared.length > 0 ? declared : [item]) {
      const made = toolOf(tool);
      if (made === undefined) findings.push(unresolvedTool(tool, file));
      else tools.push(made);
    }
  }
  return { tools, findings };
}

function toolOf(item: Located): ToolDefinition | undefined {
  const inside =
    at(item, 'function') ?? at(item, 'toolSpec') ?? at(item, 'definition', 'schema') ?? item;
  const name = textAt(inside, 'name');
  const type = textAt(item, 'type') ?? 'function';
  const schema =
    at(inside, 'parameters') ??
    at(inside, 'input_schema') ??
    at(inside, 'inputSchema', 'json') ??
    at(inside, 'inputSchema') ??
    at(inside, 'parameters_json_schema');
  if (name === undefined || (schema === undefined && !['function', 'custom'].includes(type)))
    return undefined;
  const description = textAt(inside, 'description');
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(schema === undefined ? {} : { parameters: dataOf(schema) }),
  };
}

function unresolvedTool(item: Located, file: string): Finding {
  const name =
    textAt(item, 'name') ?? textAt(item, 'server_label') ?? textAt(item, 'type') ?? textAt(item);
  return {
    level: 'warning',
    code: 'unresolved-tools',
    message: `the tool ${JSON.stringify(name ?? '?').slice(0, 60)} is defined elsewhere, so it is not counted`,
    origin: { file, line: item.line, column: item.column },
  };
}

/** What a request says of the choice among its tools: `auto`, `none`, `required`, or the name of one. */
export function toolChoiceOf(value: Located | undefined): string | undefined {
  const written = textAt(value);
  if (written !== undefined) return written === 'any' ? 'required' : written;
  const name = textAt(value, 'function', 'name') ?? textAt(value, 'name');
  const type = textAt(value, 'type');
  return name ?? (type === 'any' ? 'required' : type);
}
