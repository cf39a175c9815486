/** The manifest, its words in both languages, and the sentences of the source hold together. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkLimits } from '../../../src/core/insights/settings';
import { root } from '../../root';
import { gapsOf, sentencesOf, sources } from './sentences';

const json = <T = Record<string, string>>(path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as T;

interface Manifest {
  activationEvents: string[];
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    languages: { id: string; extensions?: string[] }[];
    commands: { command: string; title: string }[];
    walkthroughs: { steps: { media: { markdown: string } }[] }[];
    menus: Record<string, { command: string }[]>;
    configuration: { properties: Record<string, { default: unknown; scope: string }> };
  };
}
const manifest = json<Manifest>('package.json');

const folders = ['src/core', 'src/presentation', 'src/export', 'src/host', 'webview'];

describe('the manifest', () => {
  it('has every word in English and Italian, and none that nothing uses', () => {
    const used = new Set(
      [...readFileSync(join(root, 'package.json'), 'utf8').matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key),
    );
    assert.deepEqual(Object.keys(json('package.nls.json')).sort(), [...used].sort());
    assert.deepEqual(Object.keys(json('package.nls.it.json')).sort(), [...used].sort());
  });
  it('keeps the commands and icons of welcome texts in Italian', () => {
    const english = json('package.nls.json'),
      italian = json('package.nls.it.json');
    for (const key of Object.keys(english))
      assert.deepEqual(
        italian[key].match(/\(command:[^)]+\)|`[^`]+`/g),
        english[key].match(/\(command:[^)]+\)|`[^`]+`/g),
        key,
      );
  });
  it('names only its own commands in menus', () => {
    const known = new Set(manifest.contributes.commands.map(({ command }) => command));
    assert.deepEqual(
      Object.values(manifest.contributes.menus)
        .flat()
        .map(({ command }) => command)
        .filter((command) => !known.has(command)),
      [],
    );
  });
  it('has the pages of its walkthrough in both languages', () => {
    const steps = manifest.contributes.walkthroughs.flatMap(({ steps }) => steps);
    assert.ok(steps.length > 0);
    for (const words of ['package.nls.json', 'package.nls.it.json'])
      for (const { media } of steps)
        assert.match(readFileSync(join(root, json(words)[media.markdown.slice(1, -1)]), 'utf8'), /^## .+\n\n./);
  });
  it('has defaults in which nothing is wrong', () => {
    const { properties } = manifest.contributes.configuration;
    const { limits, errors, notes } = checkLimits((key) => properties[`mailFlow.${key}`]?.default, '2026-01-01');
    assert.deepEqual([errors, notes], [[], []]);
    assert.deepEqual(limits, checkLimits(() => undefined, '2026-01-01').limits);
  });
  it('takes no setting from a folder that is not trusted', () => {
    assert.deepEqual(
      [...manifest.capabilities.untrustedWorkspaces.restrictedConfigurations].sort(),
      Object.keys(manifest.contributes.configuration.properties).sort(),
    );
  });
  it('starts for its own languages, plain logs and a report that comes back, and claims no file type as a whole', () => {
    const languages = manifest.contributes.languages.map(({ id }) => `onLanguage:${id}`);
    assert.deepEqual(
      [...manifest.activationEvents].sort(),
      [...languages, 'onLanguage:log', 'onWebviewPanel:mailFlow.report'].sort(),
    );
    assert.deepEqual(
      manifest.contributes.languages.filter(({ extensions }) => extensions),
      [],
    );
  });
});

describe('the Italian sentences', () => {
  const bundle = json('l10n/bundle.l10n.it.json'),
    source = new Set(sources(folders).flatMap((one) => sentencesOf(one.source)));
  it('are there for every sentence of the source', () => {
    assert.ok(source.size > 200);
    assert.deepEqual(
      [...source].filter((sentence) => !Object.hasOwn(bundle, sentence)),
      [],
    );
  });
  it('are for no other ones', () =>
    assert.deepEqual(
      Object.keys(bundle).filter((sentence) => !source.has(sentence)),
      [],
    ));
  it('have the same placeholders', () => {
    assert.deepEqual(
      Object.entries(bundle).filter(([english, italian]) => gapsOf(english).join() !== gapsOf(italian).join()),
      [],
    );
  });
});
