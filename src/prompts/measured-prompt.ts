import type { PromptEntry } from '../domain/prompt-plan.ts';
import { showOrigin } from '../errors.ts';
import type { Sourced } from '../domain/number-source.ts';
import { promptCases, type PromptCases } from './case-values.ts';
import { COUNTS_PATH } from '../config/imported-counts.ts';
import { counted as some } from '../domain/words.ts';
import type { MeasuredCase } from './costed-prompt.ts';
import { type CountingRequest, countingRequest } from './counting-request.ts';
import type { ToolDefinition } from './counting/token-count.ts';
import { exactCase } from './exact-case.ts';
import { fileId } from './estimate-memo.ts';
import type { EstimateRequest, NamedModel, PlannedPrompt } from './estimate-request.ts';
import type { FileTree } from './file-tree.ts';
import { type Finding, INCOMPLETE } from './finding.ts';
import { type CacheAsking, measureCase } from './measure.ts';
import type { ImageSize } from './measured-segments.ts';
import { namedModel } from './named-model.ts';
import { type AssumedCalls, assumedCalls } from './planned-prompt.ts';
import type { ImageSource, Prompt, RenderedPrompt } from './prompt.ts';

/** A prompt, counted for its model in every case. */
export interface MeasuredPrompt {
  readonly prompt: Prompt;
  readonly id: string;
  readonly model?: Sourced<NamedModel>;
  readonly cases: readonly MeasuredCase[];
  /** How tokens were counted, in words. */
  readonly counted: string;
  /** How long the file asks the provider to keep what it caches. */
  readonly cacheTtl?: string;
  readonly findings: readonly Finding[];
  /** Every file that decides it, with the id of its content. */
  readonly files: ReadonlyMap<string, string>;
}

/** Pixels taken for an image whose size nobody knows: a usual one for models that make images. */
const USUAL_IMAGE: ImageSize = { width: 1024, height: 1024 };

/** Renders and counts one prompt. Never throws for what a file says: that is a finding. */
export async function measurePrompt(
  prompt: Prompt,
  id: string,
  planned: PlannedPrompt,
  request: EstimateRequest,
  tree: FileTree,
): Promise<MeasuredPrompt> {
  const { world } = request;
  const assumed = assumedCalls(planned, request.basket?.get(id), request.flags);
  const model = modelOf(prompt, id, planned, request);
  const { provider, model: name } = model?.value ?? { provider: undefined, model: '' };
  const [counter, cases, tools] = await Promise.all([
    world.counterFor(provider, name),
    promptCases(prompt, assumed, tree),
    toolsOf(prompt, planned.entry, request, tree),
  ]);
  const findings = new Map<string, Finding>();
  const note = (finding: Finding): void => void findings.set(JSON.stringify(finding), finding);
  const images = new Map<string, ImageSize | undefined>();
  const measured: MeasuredCase[] = [];
  let cacheTtl: string | undefined;
  for (const each of cases.cases) {
    const rendered = prompt.render(each.values);
    for (const finding of rendered.findings) note(finding);
    cacheTtl ??= ttlOf(rendered);
    await readImages(rendered, tree, request, images);
    const sized = measureCase({
      ...each,
      messages: rendered.messages,
      counter,
      tools: tools.tools,
      asking: cacheAsking(rendered, name, assumed),
      imageSize: (source) => images.get(imageKey(source)),
      assumedImage: planned.defaults.image?.value ?? USUAL_IMAGE,
      ...asked(prompt),
      ...(tools.moreTokens === undefined ? {} : { moreToolTokens: tools.moreTokens }),
    });
    const sent = model === undefined ? undefined : requestOf(prompt, model.value, rendered, tools);
    measured.push(
      sent === undefined ? sized : exactCase({ ...sized, request: sent }, world.counts ?? NONE),
    );
    for (const finding of contentFindings(rendered, images, assumed, prompt)) note(finding);
  }
  for (const finding of [
    ...prompt.findings.filter(({ code }) => tools.resolved !== true || code !== 'unresolved-tools'),
    ...cases.findings,
    ...tools.findings,
    ...unusedVariables(prompt, planned.entry),
  ])
    note(finding);
  return {
    prompt,
    id,
    cases: measured,
    counted: methodOf(counter.method, measured),
    findings: [...findings.values()],
    files: await filesOf(prompt, cases, images, planned.entry, tree),
    ...(model === undefined ? {} : { model }),
    ...(cacheTtl === undefined ? {} : { cacheTtl }),
  };
}

const NONE: ReadonlyMap<string, number> = new Map();

/** What a file asks of the answer. */
const asked = ({ toolChoice, outputSchema }: Prompt) => ({
  ...(toolChoice === undefined ? {} : { toolChoice }),
  ...(outputSchema === undefined ? {} : { outputSchema }),
});

/** What a provider can be asked to count, where all of it is known. */
function requestOf(
  prompt: Prompt,
  model: NamedModel,
  { messages, findings }: RenderedPrompt,
  tools: Tools,
): CountingRequest | undefined {
  const isOpen = ({ level, code }: Finding): boolean =>
    level === 'error' ||
    (INCOMPLETE.has(code) && (code !== 'unresolved-tools' || tools.resolved !== true));
  const all = [...prompt.findings, ...findings, ...tools.findings];
  if (tools.moreTokens !== undefined || all.some(isOpen)) return undefined;
  return countingRequest({ model, messages, tools: tools.tools, ...asked(prompt) });
}

function methodOf(method: string, cases: readonly MeasuredCase[]): string {
  const exact = cases.filter(
    ({ request, tokens }) => request !== undefined && tokens.source === 'exact',
  ).length;
  if (exact === 0) return method;
  if (exact === cases.length) return COUNTS_PATH;
  return `${method}; ${COUNTS_PATH} for ${exact} of ${some(cases.length, 'case')}`;
}

const ttlOf = ({ messages }: RenderedPrompt): string | undefined =>
  messages.find(({ cacheBreakpoint }) => cacheBreakpoint?.ttl !== undefined)?.cacheBreakpoint?.ttl;

/** The model that a prompt goes to, and who says so. */
function modelOf(
  prompt: Prompt,
  id: string,
  { entry, defaults }: PlannedPrompt,
  { models, flags }: EstimateRequest,
): Sourced<NamedModel> | undefined {
  const asked = models?.get(id);
  if (asked !== undefined) return { value: asked, source: 'declared', from: 'the base' };
  if (flags?.model !== undefined) return flags.model;
  if (entry?.model !== undefined)
    return {
      value: namedModel(entry.model.value, entry.provider),
      source: 'declared',
      from: showOrigin(entry.model.origin),
    };
  if (prompt.model !== undefined)
    return {
      value: namedModel(prompt.model, entry?.provider ?? prompt.provider),
      source: 'declared',
      from: showOrigin({ file: prompt.path, line: prompt.line }),
    };
  if (defaults.model === undefined) return undefined;
  return {
    value: namedModel(defaults.model.value, entry?.provider ?? defaults.provider),
    source: 'declared',
    from: showOrigin(defaults.model.origin),
  };
}

/** Claude caches what it is asked to; everybody else caches by itself. */
function cacheAsking(
  { messages }: RenderedPrompt,
  model: string,
  { cache }: AssumedCalls,
): CacheAsking {
  if (!/(^|[./-])claude/i.test(model)) return 'automatic';
  if (messages.some(({ cacheBreakpoint }) => cacheBreakpoint !== undefined)) return 'marked';
  return cache === undefined ? 'not-asked' : 'declared';
}

interface Tools {
  readonly tools: readonly ToolDefinition[];
  readonly moreTokens?: number;
  /** The config says what the file only names. */
  readonly resolved?: boolean;
  readonly findings: readonly Finding[];
}

async function toolsOf(
  prompt: Prompt,
  entry: PromptEntry | undefined,
  { world }: EstimateRequest,
  tree: FileTree,
): Promise<Tools> {
  const { toolsFile, toolsTokens } = entry ?? {};
  const more = toolsTokens === undefined ? {} : { moreTokens: toolsTokens.value };
  if (toolsFile === undefined)
    return { tools: prompt.tools, findings: [], resolved: toolsTokens !== undefined, ...more };
  const found = await world.reader.tools(tree, toolsFile.value);
  return {
    tools: [...prompt.tools, ...found.tools],
    findings: found.findings,
    resolved: true,
    ...more,
  };
}

/** Names an image without keeping megabytes of it alive twice. */
const imageKey = (source: ImageSource): string =>
  source.kind === 'file' ? `file ${source.path}` : source.url;

async function readImages(
  { messages }: RenderedPrompt,
  tree: FileTree,
  { world }: EstimateRequest,
  images: Map<string, ImageSize | undefined>,
): Promise<void> {
  for (const { content } of messages)
    for (const item of content) {
      if (item.kind !== 'image' || images.has(imageKey(item.source))) continue;
      images.set(imageKey(item.source), await sizeOf(item.source, tree, world.reader.imageSize));
    }
}

async function sizeOf(
  source: ImageSource,
  tree: FileTree,
  imageSize: EstimateRequest['world']['reader']['imageSize'],
): Promise<ImageSize | undefined> {
  if (source.kind === 'data') return imageSize(source.url);
  if (source.kind === 'remote') return undefined;
  const file = await tree.read(source.path);
  return file.kind === 'file' ? imageSize(file.bytes) : undefined;
}

/** Says of every image and every missing content what its number does not say. */
function* contentFindings(
  { messages }: RenderedPrompt,
  images: ReadonlyMap<string, ImageSize | undefined>,
  { turns }: AssumedCalls,
  { path, line }: Prompt,
): Generator<Finding> {
  const origin = { file: path, line };
  for (const { content } of messages)
    for (const item of content) {
      if (item.kind === 'image' && images.get(imageKey(item.source)) === undefined)
        yield {
          level: 'warning',
          code: 'image-size-unknown',
          message: `the size of ${item.source.kind === 'file' ? `"${item.source.path}"` : 'an image'} is not known here, so a usual one is assumed`,
          origin: item.source.kind === 'file' ? { file: item.source.path } : origin,
        };
      // What turns add is history, whatever a file calls it.
      if (item.kind === 'unresolved' && turns === undefined)
        yield {
          level: 'warning',
          code: 'unresolved-content',
          message: `${item.what} is not in the repository and not counted`,
          origin,
        };
    }
}

/** A name that the one prompt of an entry does not use is most likely a slip, unless nobody could read the prompt. */
function* unusedVariables(prompt: Prompt, entry: PromptEntry | undefined): Generator<Finding> {
  if (entry === undefined || entry.files.pattern) return;
  if (prompt.findings.some(({ level }) => level === 'error')) return;
  for (const [name, { origin }] of entry.variables)
    if (!prompt.variables.includes(name))
      yield {
        level: 'notice',
        code: 'unused-variable',
        message: `${prompt.path} does not use "${name}"`,
        origin,
      };
}

async function filesOf(
  prompt: Prompt,
  { files }: PromptCases,
  images: ReadonlyMap<string, ImageSize | undefined>,
  entry: PromptEntry | undefined,
  tree: FileTree,
): Promise<ReadonlyMap<string, string>> {
  const imageFiles = [...images.keys()]
    .filter((key) => key.startsWith('file '))
    .map((key) => key.slice('file '.length));
  const tools = entry?.toolsFile === undefined ? [] : [entry.toolsFile.value];
  const paths = [
    ...new Set([prompt.path, ...prompt.inputs, ...files, ...imageFiles, ...tools]),
  ].sort();
  const ids = await Promise.all(paths.map(async (path) => fileId(await tree.read(path))));
  return new Map(paths.map((path, index) => [path, ids[index] ?? 'absent']));
}
