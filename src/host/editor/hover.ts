import { Hover, l10n, languages, MarkdownString, workspace, type Position, type TextDocument } from 'vscode';
import { factsAt, firstAt, type LineFact, type LineFacts as Facts } from '../../core/drilldown/facts';
import {
  DirectionCode,
  directions,
  FaultCode,
  OutcomeCode,
  TlsCode,
  tlsVersions,
  UnitCode,
  type TlsVersion,
} from '../../core/model';
import { connectorLabel, directionLabel, tlsLabel } from '../../core/report/sentences';
import { displayText } from '../../core/text/display';
import { idsOf } from '../../core/drilldown/lineids';
import { Disposing } from '../dispose';
import { linesScheme, shownLog, type ShownLog } from '../figures/excerpt';
import type { LineFactsCache } from './linefacts';
import { messageCount, number, sessionCount, translate } from '../wording';

/** Lines that are looked at on either side for the one that states what became of a message. */
const around = 5000;
/** Facts and ids named in a hover, and the longest line that is searched for ids. */
const mostFacts = 5,
  mostIds = 3,
  longestLine = 16 * 1024;

/** In a log of the report: what a line, or the message that it is about, was counted as. */
export class LineHovers extends Disposing {
  constructor(private readonly facts: LineFactsCache) {
    super();
    this.own(
      languages.registerHoverProvider([{ scheme: 'file' }, { scheme: linesScheme }], {
        provideHover: (document, position) => this.hover(document, position),
      }),
    );
  }

  private async hover(document: TextDocument, { line: row }: Position): Promise<Hover | undefined> {
    const shown = shownLog(document);
    if (!shown || !workspace.getConfiguration('mailFlow').get<boolean>('hover.enabled')) return undefined;
    const { version } = document,
      facts = await this.facts.of(document);
    if (!facts || document.version !== version) return undefined;
    const line = shown.first + row;
    const { message, session } = idsOf(shown.text(line).slice(0, longestLine));
    const own = factsAt(facts, line);
    const ids = [...message, ...session];
    const other = own.length > 0 || ids.length === 0 ? undefined : stated(shown, facts, line, ids);
    const found = other === undefined ? own : factsAt(facts, other);
    if (found.length === 0) return undefined;
    const words = found.slice(0, mostFacts).flatMap((fact) => [...factWords(fact), ...tlsWords(fact)]);
    if (found.length > mostFacts) words.push(l10n.t('{0} more', number(found.length - mostFacts)));
    if (other !== undefined) words.push(l10n.t('Counted by line {0}', number(other)));
    if (message.length > 0) words.push(l10n.t('Message: {0}', message.slice(0, mostIds).join(', ')));
    if (session.length > 0) words.push(l10n.t('Session: {0}', session.join(', ')));
    return new Hover(asText(words), document.lineAt(row).range);
  }
}

/** The nearest line that states a fact about one of these ids, or undefined where there is none near. */
function stated(shown: ShownLog, facts: Facts, line: number, ids: readonly string[]): number | undefined {
  const from = firstAt(facts, line - around),
    to = firstAt(facts, line + around);
  let best: number | undefined;
  for (let i = from; i < to; i++) {
    const at = facts.lines[i];
    if (at > shown.last || (best !== undefined && Math.abs(at - line) >= Math.abs(best - line))) continue;
    const text = shown.text(at);
    if (ids.some((id) => text.includes(id))) best = at;
  }
  return best;
}

/**
 * A fact in words, e.g. "Outbound: partner-out", "TLS 1.2, ECDHE-RSA-AES256-GCM-SHA384", "mx.example", "1 message, 2
 * recipients".
 */
function factWords({
  unit,
  direction,
  outcome,
  tls,
  fault,
  connector,
  cipher,
  host,
  count,
  recipients,
}: LineFact): string[] {
  const way = directionLabel(translate, directions[direction]);
  const counted =
    unit === UnitCode.session
      ? sessionCount(count)
      : count > 0
        ? messageCount(count)
        : l10n.t('a message that another line counts');
  const ends = {
    [OutcomeCode.accepted]: undefined,
    [OutcomeCode.deferred]: l10n.t('deferred'),
    [OutcomeCode.bounced]: l10n.t('bounced'),
    [OutcomeCode.rejected]: l10n.t('rejected'),
  }[outcome];
  return [
    direction === DirectionCode.internal
      ? way
      : translate('{0}: {1}', way, connectorLabel(translate, connector, directions[direction])),
    [tlsLabel(translate, (tlsVersions as readonly TlsVersion[])[tls]), cipher].filter(Boolean).join(', '),
    fault === FaultCode.none
      ? ''
      : fault === FaultCode.requiredTlsNotMet
        ? l10n.t('TLS was required and not used')
        : l10n.t('clear text after a failed handshake'),
    host,
    [counted, recipients > 1 && l10n.t('{0} recipients', number(recipients)), ends].filter(Boolean).join(', '),
  ].filter((words) => words !== '');
}

/** Which line shows the TLS of a fact, where it is another one; of mail without TLS, from which line on none does. */
function tlsWords({ tls, tlsLine }: LineFact): string[] {
  if (tlsLine === 0 || tls === TlsCode.unknown) return [];
  const line = number(tlsLine);
  return [
    tls === TlsCode.none
      ? l10n.t('No line of the session shows TLS; it begins in line {0}', line)
      : l10n.t('Line {0} shows the TLS', line),
  ];
}

/** Words with text of strangers, one below the other, as text and nothing else: neither links nor HTML nor icons. */
function asText(words: readonly string[]): MarkdownString {
  const text = new MarkdownString(undefined, false);
  for (const [i, one] of words.entries()) {
    if (i > 0) text.appendMarkdown('  \n');
    text.appendText(displayText(one));
  }
  return text;
}
