import { button, progressRing } from '../controls';
import { h, show } from '../dom';
import type { Report } from '../report';
import type { Text } from '../../src/presentation/text';
import type { Actions } from './part';

/** What the page shows while there is no figure: why, and what to do. */
export class Notice {
  readonly element = h('section', { class: 'notice', role: 'status' });

  constructor(private readonly actions: Actions) {}

  /** Before the first snapshot. */
  waiting(text: Text): void {
    show(this.element, progressRing(text.t('Loading')), h('h1', {}, text.t('Waiting for the log…')));
  }

  /** The host sent something that can't be a report. */
  broken(text: Text): void {
    const { t } = text;
    show(
      this.element,
      h('h1', {}, t('The report could not be shown')),
      h(
        'p',
        {},
        t(
          'Its data arrived damaged. Close the report and open it again; if that does not help, please report this error.',
        ),
      ),
      this.buttons(text),
    );
  }

  /** Shows why there is nothing to draw. @returns whether that is so. */
  update(report: Report, text: Text): boolean {
    const { t } = text,
      { snapshot } = report,
      { files } = snapshot.analysis;
    const [title, words] = this.words(report, text);
    if (title === '') return false;
    show(
      this.element,
      snapshot.reading && files.length > 0 && progressRing(t('Reading the log')),
      h(files.length === 0 ? 'h1' : 'h2', {}, title),
      h('p', {}, words),
      !(snapshot.reading && files.length > 0) && this.buttons(text),
    );
    return true;
  }

  private words({ snapshot, has, summary }: Report, { t }: Text): [string, string] {
    const { files } = snapshot.analysis;
    if (files.length === 0)
      return [
        t('No mail log is open'),
        t('Open a log of Exchange, Exchange Online, Postfix, Exim, Sendmail and others, or look at a sample first.'),
      ];
    if (has.messages || has.sessions)
      return summary.connectors.length > 0
        ? ['', '']
        : [t('No mail in this period'), t('The log has mail at other times. Choose another period above.')];
    if (snapshot.reading)
      return [t('Reading the log'), t('The first figures come as soon as the log shows a message.')];
    if (files.every((file) => file.state === 'failed'))
      return [
        t('The log could not be read'),
        t('Check that the file exists and that you may read it, then open it again.'),
      ];
    if (files.every((file) => file.format === null))
      return [
        t('This is not a known mail log'),
        t(
          'Open the log as the mail server wrote it or as it was exported, without changes; compressed files can be opened as they are.',
        ),
      ];
    return [
      t('No message in this log'),
      summary.internal > 0
        ? t('It shows only messages between own servers. Open the log of the server that sends and receives mail.')
        : t(
            'It was read, but it shows no message that came in or went out. The coverage above tells what became of its lines.',
          ),
    ];
  }

  private buttons(text: Text): HTMLElement {
    return h(
      'p',
      { class: 'buttons' },
      button(
        text.t('Open mail log…'),
        () => this.actions.post({ type: 'command', command: 'openLog' }),
        'primary',
        'open log',
      ),
      button(
        text.t('Open sample'),
        () => this.actions.post({ type: 'command', command: 'openSample' }),
        'secondary',
        'open sample',
      ),
    );
  }
}
