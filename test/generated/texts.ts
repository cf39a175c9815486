/** What is generated from the rules of the insights: their settings, their Italian, and lists of their ids. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { insightIds, rules } from '../../src/core/insights/index';
import { minimumText, settingText } from '../../src/core/insights/insightsentences';
import { hasMinimum, mostMinimum, severities } from '../../src/core/insights/rule';
import { english, type Translate } from '../../src/core/text/translate';
import { ruleFiles } from './rulelist';
import { sentencesOf } from '../core/house/sentences';

type Json = Record<string, unknown>;
type Texts = Record<string, string>;

interface Manifest {
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    languageModelTools: { name: string; inputSchema: { properties: Record<string, Json> } }[];
    configuration: { properties: Record<string, Setting> };
  };
}
interface Setting {
  properties?: Json;
  items?: { properties: Record<string, Json>; defaultSnippets: { body: Json }[] };
}

const ruleKey = /^mailFlow\.insights\.\w+\.(threshold|minimumMessages)$/;
const textPrefix = 'setting.insight.';

/** The generated files by their paths, as they should be. */
export function generatedTexts(root: string): Map<string, string> {
  const read = <T>(path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as T;
  const bundle = sorted({ ...read<Texts>('l10n/bundle.l10n.it.json'), ...italianOfRules(root) });
  const italian: Translate = (message, ...args) => english(bundle[message] ?? message, ...args);
  const files: Record<string, unknown> = {
    'package.json': manifestWithRules(read<Manifest>('package.json')),
    'package.nls.json': textsWithRules(read('package.nls.json'), english),
    'package.nls.it.json': textsWithRules(read('package.nls.it.json'), italian),
    'l10n/bundle.l10n.it.json': bundle,
  };
  return new Map(Object.entries(files).map(([path, value]) => [path, `${JSON.stringify(value, null, 2)}\n`]));
}

/** What stands at the head of an Italian page: each English sentence of the rule with its translation. */
export function italianOfPage(page: string): Texts {
  const head = /^---\n([^]*?)\n---\n/.exec(page)?.[1] ?? '';
  return JSON.parse(`{${head.split('\n').join(',')}}`) as Texts;
}

/** The Italian of all sentences in the files of the rules. */
function italianOfRules(root: string): Texts {
  const all: Texts = {};
  for (const { id, text } of ruleFiles(root)) {
    const path = `media/insights/${id}.it.md`;
    const own = italianOfPage(readFileSync(join(root, path), 'utf8'));
    const missing = sentencesOf(text).find((sentence) => !Object.hasOwn(own, sentence));
    if (missing !== undefined) throw new Error(`${path} has no Italian for: ${missing}`);
    Object.assign(all, own);
  }
  return all;
}

/** The manifest with the settings of the rules in place of those that it has, and with lists of all insights. */
function manifestWithRules(manifest: Manifest): Manifest {
  const { configuration, languageModelTools } = manifest.contributes;
  const others = Object.entries(configuration.properties).filter(([key]) => !ruleKey.test(key));
  const { properties } = Object.assign(configuration, {
    properties: Object.fromEntries([...rules.flatMap(settingsOf), ...others]),
  });
  properties['mailFlow.insights.severity'].properties = Object.fromEntries(
    insightIds.map((id) => [id, { type: 'string', enum: severities }]),
  );
  const overrides = properties['mailFlow.insights.overrides'].items!;
  overrides.properties.insight.enum = insightIds;
  overrides.defaultSnippets[0].body.insight = `\${2|${insightIds.join(',')}|}`;
  languageModelTools.find(({ name }) => name === 'mailflow_insight')!.inputSchema.properties.insight.enum = insightIds;
  manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = Object.keys(properties);
  return manifest;
}

function settingsOf(rule: (typeof rules)[number]): [string, Setting & Json][] {
  const threshold = {
    type: ['number', 'null'],
    minimum: rule.least,
    maximum: rule.most,
    default: rule.default,
    order: rule.order,
    scope: 'window',
    markdownDescription: `%${textPrefix}${rule.setting}%`,
  };
  const settings: [string, Setting & Json][] = [[`mailFlow.insights.${rule.setting}.threshold`, threshold]];
  if (hasMinimum(rule)) settings.push([`mailFlow.insights.${rule.setting}.minimumMessages`, minimumOf(rule)]);
  return settings;
}

function minimumOf(rule: (typeof rules)[number]): Setting & Json {
  return {
    type: 'integer',
    minimum: 1,
    maximum: mostMinimum,
    default: 1,
    order: rule.order,
    scope: 'window',
    markdownDescription: `%${textPrefix}${rule.setting}.minimum%`,
  };
}

/** The texts of the manifest, with those of the rules where they stood. */
function textsWithRules(texts: Texts, t: Translate): Texts {
  const entries = Object.entries(texts);
  const at = entries.findIndex(([key]) => key.startsWith(textPrefix));
  const others = entries.filter(([key]) => !key.startsWith(textPrefix));
  const own = rules.flatMap((rule): [string, string][] => [
    [textPrefix + rule.setting, settingText(t, rule)],
    ...(hasMinimum(rule) ? [[`${textPrefix}${rule.setting}.minimum`, minimumText(t, rule)] as [string, string]] : []),
  ]);
  return Object.fromEntries([...others.slice(0, at), ...own, ...others.slice(at)]);
}

function sorted(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
