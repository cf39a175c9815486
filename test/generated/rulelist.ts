import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const rulesFolder = 'src/core/insights/rules';
export const ruleList = `${rulesFolder}/list.ts`;

/** A file with a rule. */
export interface RuleFile {
  /** Without `.ts`. */
  name: string;
  text: string;
  /** The constant that it exports. */
  constant: string;
  id: string;
  order: number;
}

/** The files with rules, in the order of the rules. */
export function ruleFiles(root: string): RuleFile[] {
  const folder = join(root, rulesFolder);
  return readdirSync(folder)
    .filter((file) => file !== 'list.ts')
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const [, constant, id, order] =
        /^export const (\w+) = rule\(\{\n {2}id: '([^']+)',[^]*?^ {2}order: (\d+),$/m.exec(text) ?? [];
      if (order === undefined) throw new Error(`${rulesFolder}/${file} is not laid out as the rules beside it`);
      return { name: file.replace(/\.ts$/, ''), text, constant, id, order: Number(order) };
    })
    .sort((a, b) => a.order - b.order);
}

/** The text of the file that lists all rules. */
export function ruleListText(files: readonly RuleFile[]): string {
  return [
    '// Written by `npm run generate` from the files beside it, in the order of the rules.',
    ...files.map(({ constant, name }) => `import { ${constant} } from './${name}';`),
    '',
    'export const list = [',
    ...files.map(({ constant }) => `  ${constant},`),
    '] as const;',
    '',
  ].join('\n');
}
