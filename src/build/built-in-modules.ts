import type { Plugin } from 'rolldown';

/** An import of a module of Node's as rolldown writes it, each on a line of its own at the top of a file. */
const IMPORT =
  /^import (?:([\w$]+)|\* as ([\w$]+)|(?:([\w$]+), )?\{ (.+) \}) from "(node:[\w/]+)";$/gm;
/** Modules that are loaded by the first call of one of their functions: this one takes 6 ms. */
const LATE: ReadonlySet<string> = new Set(['node:crypto']);

/**
 * Asks for Node's own modules by function instead of importing them. An import statement makes Node look at every
 * export of the module and so load what is behind the lazy ones (`fs.promises`, `util.parseArgs`, `process.report`): fifty
 * modules and ten milliseconds more than an empty program, of which a command needs nothing (Node 24.21, 2026-11-22).
 */
export function builtInModules(): Plugin {
  return {
    name: 'built-in-modules',
    renderChunk: (code) => ({
      code: code.replace(IMPORT, (_, alone, all, beside, names, module) =>
        [alone, all, beside]
          .filter((name) => name !== undefined)
          .map((name) => `const ${name} = ${asked(module)};`)
          .concat(names === undefined ? [] : namesOf(names, module))
          .join(' '),
      ),
      map: null,
    }),
  };
}

const asked = (module: string): string => `globalThis.process.getBuiltinModule("${module}")`;

/** Binds `a, b as c` of a module. */
function namesOf(names: string, module: string): readonly string[] {
  if (!LATE.has(module)) return [`const { ${names.replaceAll(' as ', ': ')} } = ${asked(module)};`];
  return names.split(', ').map((name) => {
    const [called = name, here = called] = name.split(' as ');
    return `const ${here} = (...given) => ${asked(module)}.${called}(...given);`;
  });
}
