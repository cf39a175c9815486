import {
  EventEmitter,
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCheckboxState,
  TreeItemCollapsibleState,
  window,
  type TreeDataProvider,
} from 'vscode';
import type { FileReport, Problem } from '../../core/model';
import { adviceSentence, problemSentence } from '../../core/report/sentences';
import type { OpenFiles } from '../reading/openfiles';
import { Disposing } from '../dispose';
import { formatName } from '../reading/recognise';
import type { RawLine } from '../figures/excerpt';
import type { LogFile, Store } from '../reading/store';
import { Throttle } from '../throttle';
import { bytesText, failureText, fileName, lineCount, number, plainText, share, translate } from '../wording';

export type Node =
  | { kind: 'file'; file: LogFile; reports: FileReport[] }
  /** One of several logs in an archive. */
  | { kind: 'entry'; report: FileReport }
  | { kind: 'lines'; report: FileReport }
  | { kind: 'problem'; report: FileReport; problem: Problem }
  | { kind: 'advice'; report: FileReport; code: string };

/** The view *Log files*: what was read of each file, what could not be used and why. */
export class FilesView extends Disposing implements TreeDataProvider<Node> {
  private readonly changed = this.own(new EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly store: Store,
    openFiles: OpenFiles,
  ) {
    super();
    const view = this.own(
      window.createTreeView('mailFlow.files', {
        treeDataProvider: this,
        showCollapseAll: true,
        canSelectMany: true,
        manageCheckboxStateManually: true,
      }),
    );
    this.own(
      view.onDidChangeCheckboxState(({ items }) => {
        const changes = new Map(
          items.flatMap(([node, state]) =>
            node.kind === 'file' ? [[node.file.path, state === TreeItemCheckboxState.Checked] as const] : [],
          ),
        );
        void openFiles.include(changes);
      }),
    );
    const refresh = this.own(new Throttle(250, () => this.changed.fire(undefined)));
    this.own(store.onDidChange(() => refresh.ask()));
  }

  getChildren(node?: Node): Node[] {
    if (!node) return this.files();
    if (node.kind === 'file')
      return node.reports.length === 1
        ? detailsOf(node.reports[0])
        : node.reports.map((report) => ({ kind: 'entry', report }));
    return node.kind === 'entry' ? detailsOf(node.report) : [];
  }

  getTreeItem(node: Node): TreeItem {
    switch (node.kind) {
      case 'file':
        return fileItem(node.file, node.reports, this.store.state.reading !== undefined);
      case 'entry':
        return entryItem(node.report);
      case 'lines':
        return linesItem(node.report);
      case 'problem':
        return problemItem(node.report, node.problem);
      case 'advice':
        return item(
          adviceSentence(translate, node.code),
          `${node.report.path} ${node.code}`,
          '',
          new ThemeIcon('lightbulb'),
        );
    }
  }

  private files(): Node[] {
    const { files, analysis } = this.store.state;
    const reports = new Map<string, FileReport[]>(files.map(({ path }) => [path, []]));
    for (const report of analysis?.files ?? [])
      (
        reports.get(report.path) ??
        reports.get(files.find(({ path }) => report.path.startsWith(`${path}/`))?.path ?? '')
      )?.push(report);
    return files.map((file) => ({ kind: 'file', file, reports: reports.get(file.path)! }));
  }
}

function detailsOf(report: FileReport): Node[] {
  if (report.format === null || report.state === 'duplicate') return [];
  return [
    { kind: 'lines', report },
    ...report.problems.map((problem): Node => ({ kind: 'problem', report, problem })),
    ...report.advice
      .filter((code) => adviceSentence(translate, code) !== '')
      .map((code): Node => ({ kind: 'advice', report, code })),
  ];
}

function item(
  label: string,
  id: string,
  description: string,
  icon: ThemeIcon,
  collapsible = TreeItemCollapsibleState.None,
  tooltip?: string,
): TreeItem {
  const made = new TreeItem(label, collapsible);
  made.id = id;
  made.description = description;
  made.iconPath = icon;
  made.tooltip = tooltip ?? [label, description].filter(Boolean).join(': ');
  made.accessibilityInformation = { label: [label, description].filter(Boolean).join(', ') };
  return made;
}

const attention = (icon: string) => new ThemeIcon(icon, new ThemeColor('list.warningForeground'));

function fileItem(file: LogFile, reports: FileReport[], reading: boolean): TreeItem {
  const [description, icon] = stateOf(file, reports, reading);
  const open = reports.some((report) => detailsOf(report).length > 0) || reports.length > 1;
  const made = item(
    fileName(file.path),
    `file ${file.path}`,
    description,
    icon,
    open ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None,
    `${plainText(file.path)}\n${bytesText(file.size)}\n${description}`,
  );
  made.checkboxState = {
    state: file.excluded ? TreeItemCheckboxState.Unchecked : TreeItemCheckboxState.Checked,
    tooltip: file.excluded ? l10n.t('Count this file in') : l10n.t('Leave this file out'),
  };
  made.contextValue = file.waiting ? 'file waiting' : 'file';
  if (file.waiting)
    made.command = {
      command: 'mailFlow.analyzeFile',
      title: l10n.t('Analyze'),
      arguments: [{ kind: 'file', file, reports } satisfies Node],
    };
  else if (reports.length < 2)
    made.command = {
      command: 'mailFlow.reveal',
      title: l10n.t('Open'),
      arguments: [{ path: file.path, line: 1 } satisfies RawLine],
    };
  return made;
}

function stateOf(file: LogFile, reports: FileReport[], reading: boolean): [string, ThemeIcon] {
  if (file.waiting) return [l10n.t('{0}: click to analyze', bytesText(file.size)), new ThemeIcon('clock')];
  if (file.excluded) return [l10n.t('left out'), new ThemeIcon('circle-slash')];
  if (file.disk === 'gone') return [l10n.t('no longer there; figures of the last reading'), attention('warning')];
  if (reports.length === 0) return [reading ? l10n.t('reading…') : l10n.t('not read'), new ThemeIcon('file')];
  const [words, icon] =
    reports.length > 1
      ? ([l10n.t('{0} logs', number(reports.length)), new ThemeIcon('file-zip')] as const)
      : reportState(reports[0]);
  return [file.disk === 'changed' ? l10n.t('{0}; changed on disk', words) : words, icon];
}

function reportState({ state, detail, format, otherFormats = [], lines }: FileReport): [string, ThemeIcon] {
  const figures = [
    lineCount(lines.read),
    lines.skipped > 0 && l10n.t('{0} skipped', number(lines.skipped)),
    [format, ...otherFormats].map(formatName).filter(Boolean).join(' + '),
  ]
    .filter(Boolean)
    .join(' · ');
  switch (state) {
    case 'complete':
      return [figures, new ThemeIcon('file')];
    case 'partial':
      return [l10n.t('{0}; read only in part', figures), attention('warning')];
    case 'unrecognised':
      return [l10n.t('not a mail log in a known format'), new ThemeIcon('circle-slash')];
    case 'failed':
      return [failureText(detail), attention('error')];
    case 'duplicate':
      return [l10n.t('all of it stands in {0} too; counted once', fileName(detail ?? '')), new ThemeIcon('files')];
  }
}

function entryItem(report: FileReport): TreeItem {
  const [description, icon] = reportState(report);
  return item(
    fileName(report.path),
    `entry ${report.path}`,
    description,
    icon,
    detailsOf(report).length > 0 ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None,
  );
}

/** The accounting: every line that was read is in one of the three. */
function linesItem({ path, lines }: FileReport): TreeItem {
  const description = l10n.t(
    '{0} used + {1} context + {2} skipped',
    number(lines.used),
    number(lines.context),
    number(lines.skipped),
  );
  return item(
    lineCount(lines.read),
    `lines ${path}`,
    description,
    new ThemeIcon('list-ordered'),
    TreeItemCollapsibleState.None,
    l10n.t(
      '{0} read = {1}. {2} could be understood. Used lines state a fact of their own, such as a message; context lines complete one.',
      lineCount(lines.read),
      description,
      share(lines.read - lines.skipped, lines.read),
    ),
  );
}

function problemItem({ path }: FileReport, problem: Problem): TreeItem {
  const { code, count, line } = problem;
  const made = item(
    problemSentence(translate, problem),
    `problem ${path} ${code} ${problem.format ?? ''}`,
    l10n.t('{0} ×, first in line {1}', number(count), number(line)),
    attention('info'),
  );
  made.command = {
    command: 'mailFlow.reveal',
    title: l10n.t('Show the first line in the log'),
    arguments: [{ path, line } satisfies RawLine],
  };
  return made;
}
