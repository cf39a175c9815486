import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  l10n,
  languages,
  Location,
  Position,
  type Uri,
} from 'vscode';
import { proofOf } from '../../core/insights/counted';
import { hostsBehind } from '../../core/insights/hosts';
import type { Insight } from '../../core/insights/insight';
import { insightAdvice } from '../../core/insights/insightsentences';
import type { Place } from '../../core/report/order';
import type { RemoteSummary } from '../../core/report/remotes';
import { problemSentence } from '../../core/report/sentences';
import type { TimeSlices } from '../../core/report/timeslices';
import type { Report } from '../../export/report';
import { Disposing } from '../dispose';
import { insightPage } from './pages';
import type { RawLine } from '../figures/excerpt';
import { doInSlices, doLater } from '../slices';
import type { Store } from '../reading/store';
import { insightText, messageCount, number, plainText, translate } from '../wording';

export const source = 'Mail Flow';
/**
 * VS Code takes 1,100 diagnostics of one collection and shows 1,000 for a file; the rest would be dropped in silence.
 */
export const mostProblems = 1000;
/** Remote hosts named for an insight, and for how many insights they are looked up. */
const mostRelated = 5,
  mostLookedUp = 100;

/** One finding with the file it belongs to. */
interface Finding {
  uri: Uri;
  diagnostic: Diagnostic;
}

/**
 * The Problems panel: one problem for each insight at its first line, and one for each reason why lines of a file could
 * not be used. Never one for each line.
 */
export class Diagnostics extends Disposing {
  private readonly collection = this.own(languages.createDiagnosticCollection('mailFlow'));
  private shown: Report | undefined;
  /** What VS Code has been told of each file. */
  private told = new Map<string, { uri: Uri; shown: string }>();

  /**
   * @param extension where the pages of the insights are.
   * @param locate where a raw line can be looked at; logs that are compressed have no editor of their own.
   */
  constructor(
    private readonly store: Store,
    private readonly extension: Uri,
    private readonly locate: (line: RawLine) => Location,
  ) {
    super();
    this.own(store.onDidChange(() => this.update()));
  }

  private update(): void {
    const { state, usualReport: report } = this.store;
    // Figures that still grow would make problems come and go.
    if (
      state.reading ||
      report === this.shown ||
      (report && !report.analysis.complete && report.analysis !== state.analysis)
    )
      return;
    this.shown = report;
    if (!report) {
      this.tell([]);
      return;
    }
    const goOn = () => this.shown === report && !this.disposed;
    // Views come first.
    doLater(() => doInSlices(this.findings(report), (findings) => this.tell(findings), goOn), goOn);
  }

  /**
   * Tells VS Code of files whose problems are not those it has. What is set once more is drawn anew: the reader would
   * lose the row that is selected.
   */
  private tell(findings: readonly Finding[]): void {
    const files = new Map<string, { uri: Uri; shown: string; diagnostics: Diagnostic[] }>();
    for (const { uri, diagnostic } of findings) {
      const key = String(uri),
        file = files.get(key) ?? { uri, shown: '', diagnostics: [] };
      file.diagnostics.push(diagnostic);
      file.shown += JSON.stringify([
        diagnostic.message,
        diagnostic.severity,
        diagnostic.range,
        diagnostic.code,
        diagnostic.relatedInformation,
      ]);
      files.set(key, file);
    }
    const gone = [...this.told]
      .filter(([key]) => !files.has(key))
      .map(([, { uri }]): [Uri, undefined] => [uri, undefined]);
    const changed = [...files]
      .filter(([key, { shown }]) => this.told.get(key)?.shown !== shown)
      .map(([, { uri, diagnostics }]): [Uri, Diagnostic[]] => [uri, diagnostics]);
    if (gone.length + changed.length > 0) this.collection.set([...gone, ...changed]);
    this.told = files;
  }

  /**
   * The worst findings, and a last one that says how many were left out. Only those that are shown are put into words.
   */
  private *findings(report: Report): TimeSlices<Finding[]> {
    const { insights, analysis, filter } = report,
      problems = analysis.files.flatMap(({ path, problems }) => problems.map((problem) => ({ path, ...problem })));
    const all = insights.length + problems.length,
      shown = all <= mostProblems ? all : mostProblems - 1;
    const worst = insights.slice(0, shown),
      findings: Finding[] = [];
    const related = yield* hostsBehind(analysis.cube, filter, worst.slice(0, mostLookedUp), mostRelated);
    for (const [i, insight] of worst.entries()) {
      findings.push(this.insight(report, insight, related[i] ?? []));
      yield;
    }
    for (const problem of problems.slice(0, shown - worst.length)) {
      const { path, code, count, line } = problem;
      findings.push(
        findingAt(
          this.locate({ path, line }),
          l10n.t('{0} ({1} ×, first here)', problemSentence(translate, problem), number(count)),
          DiagnosticSeverity.Information,
          code,
        ),
      );
      yield;
    }
    if (all > shown)
      findings.push(
        findingAt(
          new Location(findings[0].uri, new Position(0, 0)),
          l10n.t('{0} more findings: see the report.', number(all - shown)),
          DiagnosticSeverity.Information,
          'more',
        ),
      );
    return findings;
  }

  private insight(report: Report, insight: Insight, related: readonly RemoteSummary[]): Finding {
    const severity = {
      error: DiagnosticSeverity.Error,
      warning: DiagnosticSeverity.Warning,
      information: DiagnosticSeverity.Information,
    }[insight.severity];
    const { analysis } = report;
    const at = ({ file, line }: Place) => this.locate({ path: analysis.files[file].path, line });
    const proof = proofOf(insight),
      finding = findingAt(at(proof), insightText(insight, report), severity, insight.id);
    const page = insightPage(this.extension, insight.id),
      advice = insightAdvice(translate, insight, analysis.files[insight.place.file].format);
    finding.diagnostic.code = { value: insight.id, target: page };
    const counted = new DiagnosticRelatedInformation(at(insight.place), l10n.t('The message is counted here'));
    finding.diagnostic.relatedInformation = [
      ...(isSame(proof, insight.place) ? [] : [counted]),
      ...related.map(
        ({ host, messages, place }) =>
          new DiagnosticRelatedInformation(at(place), `${plainText(host)}: ${messageCount(messages)}`),
      ),
      new DiagnosticRelatedInformation(new Location(page, new Position(0, 0)), advice),
    ];
    return finding;
  }
}

function isSame(a: Place, b: Place): boolean {
  return a.file === b.file && a.line === b.line;
}

/** The code of a diagnostic, whether it leads to a page or not. */
export function codeOf({ code }: Diagnostic): string | number | undefined {
  return typeof code === 'object' ? code.value : code;
}

function findingAt({ uri, range }: Location, message: string, severity: DiagnosticSeverity, code: string): Finding {
  const diagnostic = new Diagnostic(range, message, severity);
  diagnostic.source = source;
  diagnostic.code = code;
  return { uri, diagnostic };
}
