/** How a literal is written between its quotes. */
export interface LiteralStyle {
  readonly close: string;
  /** `backslash` as in C; `quote` only `\\` and the escaped quote; `doubled` a quote by two; `none` is raw. */
  readonly escapes: 'backslash' | 'quote' | 'doubled' | 'none';
  /** What opens an expression inside of it. `{` has braces by doubling them. */
  readonly hole?: '${' | '#{' | '{' | '\\(';
  /** `$name` is an expression too. */
  readonly dollarNames?: boolean;
  /** Blanks that all lines have in common are no content, as in text blocks of Java. */
  readonly dedented?: boolean;
  /** Where the text begins, for heredocs: in the next line. */
  readonly fromNextLine?: boolean;
}

/** A way to open a literal. */
interface Opening {
  readonly open: RegExp;
  readonly style: (match: RegExpExecArray) => LiteralStyle;
}

/** A programming language, as far as its literals go. */
export interface SourceLanguage {
  /** Tried in this order. */
  readonly openings: readonly Opening[];
  /** Literals that follow each other are one. */
  readonly adjacent: boolean;
  /** What begins a comment to the end of the line. */
  readonly comment: '//' | '#';
}

const always =
  (style: LiteralStyle): Opening['style'] =>
  () =>
    style;

const DOUBLE: LiteralStyle = { close: '"', escapes: 'backslash' };
const SINGLE: LiteralStyle = { close: "'", escapes: 'backslash' };

const JAVASCRIPT: SourceLanguage = {
  adjacent: false,
  comment: '//',
  openings: [
    { open: /String\.raw`/y, style: always({ close: '`', escapes: 'none', hole: '${' }) },
    {
      open: /(?:[A-Za-z_$][\w$.]{0,60})?`/y,
      style: always({ close: '`', escapes: 'backslash', hole: '${' }),
    },
    { open: /"/y, style: always(DOUBLE) },
    { open: /'/y, style: always(SINGLE) },
  ],
};

const PYTHON: SourceLanguage = {
  adjacent: true,
  comment: '#',
  openings: [
    {
      open: /([rRuUbBfFtT]{0,2})("""|'''|"|')/y,
      style: ([, prefix = '', close = '"']) => ({
        close,
        escapes: /r/i.test(prefix) ? 'none' : 'backslash',
        ...(/[ft]/i.test(prefix) ? { hole: '{' as const } : {}),
      }),
    },
  ],
};

const GO: SourceLanguage = {
  adjacent: false,
  comment: '//',
  openings: [
    { open: /`/y, style: always({ close: '`', escapes: 'none' }) },
    { open: /"/y, style: always(DOUBLE) },
  ],
};

const JAVA: SourceLanguage = {
  adjacent: false,
  comment: '//',
  openings: [
    {
      open: /"""[ \t]*\r?\n/y,
      style: always({ close: '"""', escapes: 'backslash', dedented: true }),
    },
    { open: /"/y, style: always(DOUBLE) },
  ],
};

const KOTLIN: SourceLanguage = {
  adjacent: false,
  comment: '//',
  openings: [
    {
      open: /"""/y,
      style: always({ close: '"""', escapes: 'none', hole: '${', dollarNames: true }),
    },
    { open: /"/y, style: always({ ...DOUBLE, hole: '${', dollarNames: true }) },
  ],
};

const CSHARP: SourceLanguage = {
  adjacent: false,
  comment: '//',
  openings: [
    {
      open: /(\$?)("{3,})[ \t]*\r?\n/y,
      style: ([, dollar, close = '"""']) => ({
        close,
        escapes: 'none',
        dedented: true,
        ...(dollar === '$' ? { hole: '{' as const } : {}),
      }),
    },
    { open: /(?:\$@|@\$)"/y, style: always({ close: '"', escapes: 'doubled', hole: '{' }) },
    { open: /\$"/y, style: always({ ...DOUBLE, hole: '{' }) },
    { open: /@"/y, style: always({ close: '"', escapes: 'doubled' }) },
    { open: /"/y, style: always(DOUBLE) },
  ],
};

const RUBY: SourceLanguage = {
  adjacent: true,
  comment: '#',
  openings: [
    {
      open: /<<([~-]?)(["']?)([A-Za-z_]\w{0,60})\2/y,
      style: ([, sign, quoted, close = '']) => ({
        close,
        fromNextLine: true,
        dedented: sign === '~',
        ...(quoted === "'" ? { escapes: 'none' } : { escapes: 'backslash', hole: '#{' }),
      }),
    },
    { open: /"/y, style: always({ ...DOUBLE, hole: '#{' }) },
    { open: /'/y, style: always({ close: "'", escapes: 'quote' }) },
  ],
};

const RUST: SourceLanguage = {
  adjacent: false,
  comment: '//',
  openings: [
    {
      open: /b?r(#{0,20})"/y,
      style: ([, signs = '']) => ({ close: `"${signs}`, escapes: 'none' }),
    },
    { open: /"/y, style: always(DOUBLE) },
  ],
};

const SWIFT: SourceLanguage = {
  adjacent: false,
  comment: '//',
  openings: [
    {
      open: /"""[ \t]*\r?\n/y,
      style: always({ close: '"""', escapes: 'backslash', hole: '\\(', dedented: true }),
    },
    { open: /"/y, style: always({ ...DOUBLE, hole: '\\(' }) },
  ],
};

const LANGUAGES: ReadonlyMap<string, SourceLanguage> = new Map([
  ...['js', 'jsx', 'mjs', 'cjs', 'ts', 'tsx', 'mts', 'cts', 'vue', 'svelte'].map(
    (extension) => [extension, JAVASCRIPT] as const,
  ),
  ...['py', 'pyi'].map((extension) => [extension, PYTHON] as const),
  ['go', GO],
  ['java', JAVA],
  ...['kt', 'kts'].map((extension) => [extension, KOTLIN] as const),
  ['cs', CSHARP],
  ['rb', RUBY],
  ['rs', RUST],
  ['swift', SWIFT],
]);

/** The language of a file of code by its extension; `undefined` for what is none that is known. */
export const sourceLanguage = (path: string): SourceLanguage | undefined =>
  LANGUAGES.get(/\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '');
