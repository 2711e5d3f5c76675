import path from 'node:path';
import { publicEntries } from './public-entries.mjs';

export default {
  name: 'Convoy',
  readme: 'none',
  out: 'out',
  tsconfig: 'tsconfig.json',
  entryPoints: publicEntries.map(({ source }) => source),
  plugin: ['typedoc-plugin-markdown', nameModules, listParameters],
  // Packages meet in their sources, so that pages link to one another.
  compilerOptions: { paths: Object.fromEntries(publicEntries.map(({ name, source }) => [name, [source]])) },
  // The build checks types, each package by its own rules.
  skipErrorChecking: true,
  excludeInternal: true,
  excludeExternals: true,
  // Links lead into the working tree, whatever its remote is.
  sourceLinkTemplate: '/{path}#L{line}',

  validation: { notDocumented: true },
  treatWarningsAsErrors: true,
  // What the engine is to its tensors.
  intentionallyNotExported: ['EagerRunner'],
  packagesRequiringDocumentation: publicEntries.map(({ name }) => name),
  // A property may speak for itself.
  requiredToBeDocumented: ['Class', 'Function', 'Interface', 'TypeAlias', 'Variable', 'Method', 'Accessor'],

  sort: ['kind', 'required-first', 'alphabetical'],
  indexFormat: 'table',
  parametersFormat: 'table',
  classPropertiesFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  tableColumnSettings: {
    hideDefaults: true,
    hideInherited: true,
    hideModifiers: true,
    hideOverrides: true,
    hideSources: true,
  },
};

/** A module is named as it is imported; typedoc takes the name of its file. */
function nameModules(app) {
  app.converter.on('resolveBegin', ({ project }) => {
    for (const module of project.children) {
      const file = path.normalize(module.sources[0].fullFileName);
      module.name = publicEntries.find(({ source }) => source === file).name;
    }
    // The one package in which typedoc looks for types that are used and not exported.
    project.packageName = '@convoy/engine';
  });
}

/** The `@param` tags of a constant, such as an op, become one list: typedoc knows parameters of functions only. */
function listParameters(app) {
  app.converter.on('resolveReflection', (_context, { variant, comment }) => {
    if (variant !== 'declaration' || !comment) return;
    const [first, ...others] = comment.blockTags.filter(({ tag }) => tag === '@param');
    if (!first) return;
    const item = ({ name, content }) => [{ kind: 'text', text: `\n- \`${name}\`: ` }, ...content];
    first.content = [first, ...others].flatMap(item);
    first.tag = '@parameters';
    first.name = undefined;
    comment.blockTags = comment.blockTags.filter((tag) => !others.includes(tag));
  });
}
