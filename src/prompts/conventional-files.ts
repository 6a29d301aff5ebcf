/** Files that hold prompts by their name, wherever they are. */
const BY_NAME =
  /(?:^|\/)(?:[^/]+\.prompt|[^/]+\.prompt\.ya?ml|[^/]+\.prompty|[^/]+\.baml|promptfooconfig[^/]*\.ya?ml|skprompt\.txt)$/i;

/** Files of a folder `prompts` that may be prompts: text, templates, and bodies of requests. */
const IN_PROMPTS =
  /(?:^|\/)prompts\/(?:.*\/)?[^/]+\.(?:txt|md|markdown|j2|jinja2?|njk|mustache|hbs|handlebars|json|ya?ml)$/i;

/** Beside prompts, and none. */
const BESIDE =
  /(?:^|\/)(?:readme|changelog|license|contributing)(?:\.[^/]*)?$|(?:^|\/)(?:node_modules|\.git|\.aicost)\//i;

/** Paths that hold prompts by the usual names, for where no config names files. */
export const conventionalFiles = (paths: readonly string[]): readonly string[] =>
  paths.filter((path) => (BY_NAME.test(path) || IN_PROMPTS.test(path)) && !BESIDE.test(path));
