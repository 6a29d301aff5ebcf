import type { Origin } from '../../errors.ts';
import type { Template } from '../rendering/engine.ts';
import { jinjaEngine } from '../rendering/jinja.ts';
import { openNoticed } from '../rendering/noticed.ts';
import { printGiven } from './printed-value.ts';

const PATH = /^[\p{ID_Start}_][\p{ID_Continue}]*(?:\.[\p{ID_Start}_][\p{ID_Continue}]*){0,20}$/u;

const jinja = jinjaEngine({ dialect: 'nunjucks' });

/**
 * An expression of a program as a variable. A name, or a path of names, is looked up as such; anything else is a
 * variable of its own, by its source: a config can give it a size under that name.
 */
export function variableTemplate(source: string, origin: Origin): Template {
  const parsed = PATH.test(source)
    ? jinja.parse({ text: `{{ ${source} }}`, origin, escaped: true })
    : undefined;
  if (parsed?.kind === 'template') return parsed.template;
  const name = source.replace(/\s+/g, ' ').slice(0, 200);
  return {
    variables: [name],
    findings: [],
    render(values, output) {
      const noticed = openNoticed();
      const given = values.get(name);
      if (given === undefined) noticed.undefinedVariable(name, origin, 'printed');
      else printGiven(name, given, output);
      return noticed.findings();
    },
  };
}
