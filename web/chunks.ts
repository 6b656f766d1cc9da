/** Decides which modules Vite puts into one file, because hundreds of small files load slowly on a phone. */

import { dirname, join } from 'node:path';
import type { Rolldown } from 'vite';

/** The first screens that a person sees, signed in or not. */
const FIRST = ['main.tsx', 'shell/shell.tsx', 'screens/sign-in/sign-in.tsx', 'screens/home/home-screen.tsx'].map((file) =>
  join(import.meta.dirname, 'src', file),
);
/** Packages whose index exports hundreds of modules. Importing one of them has no side effects. */
const INDEX = /node_modules\/(@mantine\/\w+|@tabler\/icons-react)\/.*\/(?:index|tabler-icons-react)\.mjs$/;
const REEXPORT = /(?:import|export) \{(?<names>[^}]*)\} from ['"](?<path>\.[^'"]+)['"]/g;

type Modules = Pick<Rolldown.ChunkingContext, 'getModuleInfo'>;

/**
 * Puts the modules of the first screens into one file, and all other modules that two or more chunks share into a second one.
 * The translations, and modules that only one chunk needs, stay in separate files.
 */
export function chunkGroups(): readonly Rolldown.CodeSplittingGroup[] {
  let first: ReadonlySet<string> | undefined;
  const isFirst = (id: string, modules: Modules) => {
    first ??= neededBy(FIRST, modules);
    // The entry module stays a separate chunk, because the build manifest names it.
    return first.has(id) && id !== FIRST[0];
  };
  return [
    { debugName: 'first', name: (id, modules) => (!areWords(id) && isFirst(id, modules) ? 'first' : null), priority: 2 },
    { debugName: 'shared', name: (id) => (areWords(id) ? null : 'shared'), minShareCount: 2, priority: 1 },
  ];
}

function areWords(id: string): boolean {
  return id.includes('/web/src/i18n/');
}

/** All modules reached from the entries through static imports; from a large package only the modules of the imported names. */
function neededBy(entries: readonly string[], modules: Modules): ReadonlySet<string> {
  const needed = new Set<string>();
  const waiting = [...entries];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const module = modules.getModuleInfo(id);
    if (module === null || needed.has(id)) continue;
    needed.add(id);
    for (const imported of module.importedIds) {
      const name = INDEX.exec(imported)?.[1];
      waiting.push(...(name === undefined ? [imported] : named(namesFrom(name, module.code), imported, modules)));
    }
  }
  return needed;
}

/** The names that this code imports from the package. */
function namesFrom(name: string, code: string | null): ReadonlySet<string> {
  const imports = (code ?? '').matchAll(new RegExp(`import\\s*\\{([^}]*)\\}\\s*from\\s*['"]${name}['"]`, 'g'));
  return new Set([...imports].flatMap(([, names]) => listed(names).map((each) => each.split(' as ')[0] ?? each)));
}

/** The modules from which the package's index exports these names. */
function named(names: ReadonlySet<string>, index: string, modules: Modules): readonly string[] {
  const reexports = (modules.getModuleInfo(index)?.code ?? '').matchAll(REEXPORT);
  return [...reexports].flatMap(({ groups }) =>
    listed(groups?.names).some((each) => names.has(each.split(' as ').at(-1) ?? each)) ? [join(dirname(index), groups?.path ?? '')] : [],
  );
}

function listed(names: string | undefined): readonly string[] {
  return (names ?? '').split(',').map((name) => name.trim());
}
