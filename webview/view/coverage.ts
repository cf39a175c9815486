import { problemCodes, type FileReport, type Problem } from '../../src/core/model';
import { adviceSentence, problemSentence } from '../../src/core/report/sentences';
import { displayText } from '../../src/core/text/display';
import { h, show } from '../dom';
import type { Text } from '../../src/presentation/text';
import { sign } from './connectorlist';
import { disclosure, Drawn, figure, name, type Actions, type Page, type Part } from './part';
import { others } from '../../src/presentation/wording';

/** Most files and problems listed at once. */
const most = 200,
  mostFaults = 5;

/** What was read, used and skipped, always in sight: every line is accounted for, and the sum is shown. */
export class Coverage implements Part {
  readonly element = h('section', { class: 'coverage' });
  private readonly drawn = new Drawn();

  constructor(private readonly actions: Actions) {}

  update(page: Page): void {
    const {
        text,
        report: { snapshot },
        state,
      } = page,
      { t } = text,
      { files } = snapshot.analysis;
    // All of it is about the log, so a period changes none of it.
    if (!this.drawn.outdated(files, snapshot.fileNames, snapshot.reading, state.open, text)) return;
    const names = snapshot.fileNames.map((file) => displayText(file));
    const sum = files.reduce(
      (s, { lines }) => ({
        read: s.read + lines.read,
        used: s.used + lines.used,
        context: s.context + lines.context,
        skipped: s.skipped + lines.skipped,
      }),
      { read: 0, used: 0, context: 0, skipped: 0 },
    );
    const even = sum.read === sum.used + sum.context + sum.skipped;
    const equation = even
      ? t(
          '{0} lines read = {1} used + {2} context + {3} skipped',
          text.number(sum.read),
          text.number(sum.used),
          text.number(sum.context),
          text.number(sum.skipped),
        )
      : t(
          '{0} lines read ≠ {1} used + {2} context + {3} skipped: please report this error',
          text.number(sum.read),
          text.number(sum.used),
          text.number(sum.context),
          text.number(sum.skipped),
        );
    const faults = files.flatMap((file, i) => fault(text, file, names[i], snapshot.reading) ?? []);
    const advice = [...new Set(files.flatMap((file) => file.advice))]
      .map((code) => adviceSentence(t, code))
      .filter(Boolean);
    const problems = files.flatMap((file, i) => file.problems.map((problem) => ({ ...problem, file: i })));
    const kinds = new Set(problems.map(({ code }) => code)).size;
    this.element.setAttribute('aria-label', t('Coverage of the log'));
    show(
      this.element,
      disclosure(
        page,
        this.actions,
        'coverage',
        [
          h('span', {}, files.length === 1 ? name(names[0]) : t('{0} files', text.number(files.length))),
          h('span', { class: even ? 'equation' : 'equation wrong' }, equation),
          kinds > 0
            ? h(
                'span',
                { class: 'quiet' },
                kinds === 1 ? t('1 kind of problem') : t('{0} kinds of problems', text.number(kinds)),
              )
            : '',
        ],
        () => [
          this.problems(page, problems, names),
          this.files(page, files, names),
          h(
            'p',
            { class: 'quiet' },
            t('Used lines state a fact of their own, such as a message.'),
            ' ',
            t('Context lines complete one, such as the TLS version of a session. Skipped lines could not be used.'),
          ),
        ],
      ),
      faults.slice(0, mostFaults).map((words) => h('p', { class: 'fault' }, sign(), words)),
      faults.length > mostFaults &&
        h(
          'p',
          { class: 'quiet' },
          t(
            '{0} more files were not read completely; the list above has them all.',
            text.number(faults.length - mostFaults),
          ),
        ),
      advice.map((words) => h('p', { class: 'advice' }, h('strong', {}, t('Advice:')), ' ', words)),
    );
  }

  private problems(
    page: Page,
    problems: readonly (Problem & { file: number })[],
    names: readonly string[],
  ): HTMLElement | string {
    const { text } = page,
      { t } = text;
    if (problems.length === 0) return h('p', {}, t('Nothing was skipped for a problem.'));
    return h(
      'ul',
      { class: 'plain problems' },
      problems
        .slice(0, most)
        .map((problem, i) =>
          h(
            'li',
            {},
            h('span', { class: 'number' }, t('{0} ×', text.number(problem.count))),
            ' ',
            problemCodes.includes(problem.code) ? problemSentence(t, problem) : displayText(problem.code),
            ' ',
            figure(
              page,
              this.actions,
              t('First in {0}, line {1}', names[problem.file], text.number(problem.line)),
              { file: problem.file, line: problem.line },
              `problem ${i}`,
            ),
          ),
        ),
      problems.length > most && h('li', { class: 'quiet' }, others(text, problems.length - most)),
    );
  }

  private files(page: Page, files: readonly FileReport[], names: readonly string[]): HTMLElement {
    const { text } = page,
      { t } = text;
    return h(
      'div',
      { class: 'scroll', 'data-scroll': 'files', tabindex: 0, role: 'region', 'aria-label': t('Files') },
      h(
        'table',
        { class: 'figures wide' },
        h('caption', { class: 'hidden' }, t('Files')),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            [t('File'), t('Format'), t('State')].map((label) => h('th', { scope: 'col' }, label)),
            [t('Lines read'), t('Used'), t('Context'), t('Skipped')].map((label) =>
              h('th', { scope: 'col', class: 'number' }, label),
            ),
          ),
        ),
        h(
          'tbody',
          {},
          files.slice(0, most).map((file, i) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, name(names[i])),
              h('td', {}, file.format ?? '–'),
              h('td', {}, stateText(text, file)),
              [file.lines.read, file.lines.used, file.lines.context, file.lines.skipped].map((n) =>
                h('td', { class: 'number' }, text.number(n)),
              ),
            ),
          ),
        ),
      ),
      files.length > most && h('p', { class: 'quiet' }, others(text, files.length - most)),
    );
  }
}

function stateText({ t }: Text, file: FileReport): string {
  switch (file.state) {
    case 'complete':
      return t('Complete');
    case 'partial':
      return t('In part');
    case 'unrecognised':
      return t('Not recognized');
    case 'failed':
      return t('Not read');
    case 'duplicate':
      return t('Duplicate');
  }
}

/** What is wrong with a file as a whole, and what to do about it. While reading, every file is still read in part. */
function fault({ t }: Text, file: FileReport, label: string, reading: boolean): string | undefined {
  const detail = file.detail === undefined ? '' : ` (${displayText(file.detail)})`;
  switch (file.state) {
    case 'complete':
      return undefined;
    case 'partial':
      return reading
        ? undefined
        : t(
            '{0} was read only in part{1}, so its figures are not complete. Open it again to read it all.',
            label,
            detail,
          );
    case 'failed':
      return t(
        '{0} could not be read{1}. Check that it exists and that you may read it, then open it again.',
        label,
        detail,
      );
    case 'unrecognised':
      return t('{0} is in no known mail log format, so nothing of it is counted.', label);
    case 'duplicate':
      return t('All of {0} stands in another file too{1} and is not counted again.', label, detail);
  }
}
