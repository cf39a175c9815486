import {
  tlsVersions,
  type ConnectorType,
  type Direction,
  type Problem,
  type ProblemCode,
  type TlsVersion,
} from '../model';
import { newestFirst } from './failures';
import type { ConnectorSummary } from './query';
import { displayText } from '../text/display';
import type { Translate } from '../text/translate';

/** The words of a TLS version; "No TLS" is Microsoft's own term and stays in every language. */
export function tlsLabel(t: Translate, version: TlsVersion): string {
  switch (version) {
    case 'none':
      return t('No TLS');
    case 'tls':
      return t('TLS, version not logged');
    case 'unknown':
      return t('Unknown');
    case 'ssl3.0':
      return 'SSL 3.0';
    default:
      return `TLS ${version.slice(3)}`;
  }
}

/** All TLS versions with their words, in the order of `tlsVersions`. */
export function tlsLabels(t: Translate): string[] {
  return tlsVersions.map((version) => tlsLabel(t, version));
}

export function directionLabel(t: Translate, direction: Direction): string {
  switch (direction) {
    case 'inbound':
      return t('Inbound');
    case 'outbound':
      return t('Outbound');
    default:
      return t('Internal');
  }
}

export function typeLabel(t: Translate, type: ConnectorType): string {
  switch (type) {
    case 'onPremises':
      return t('On-premises');
    case 'partner':
      return t('Partner');
    case 'internet':
      return t('Internet');
    default:
      return t('Not known');
  }
}

/**
 * Whether a connector forces TLS, in words: "True", "For some destinations (2 hosts)"; nothing where it is not known.
 * @param number writes a count.
 */
export function forcedLabel(
  t: Translate,
  { forcedTls, forcedHosts, direction }: Pick<ConnectorSummary, 'forcedTls' | 'forcedHosts' | 'direction'>,
  number: (n: number) => string,
): string {
  if (forcedHosts === 0) return forcedTls === null ? '' : forcedTls ? t('True') : t('False');
  if (direction === 'outbound')
    return forcedHosts === 1
      ? t('For some destinations (1 host)')
      : t('For some destinations ({0} hosts)', number(forcedHosts));
  return forcedHosts === 1 ? t('For some senders (1 host)') : t('For some senders ({0} hosts)', number(forcedHosts));
}

/**
 * The name of a connector for display, hostile text made visible; mail without one is called what Microsoft calls it.
 */
export function connectorLabel(t: Translate, name: string | null, direction: Direction): string {
  if (name !== null) return displayText(name);
  return direction === 'outbound'
    ? t('To the internet without a connector')
    : t('From the internet without a connector');
}

/** The name of a mail server. */
export function serverLabel(t: Translate, name: string | null): string {
  return name === null ? t('No server logged') : displayText(name);
}

const problemSentences: Record<ProblemCode, (t: Translate, format: string) => string> = {
  'bad-line': (t) => t('The line does not have the form of this log.'),
  'bad-time': (t) => t('The time stamp could not be read.'),
  'bad-columns': (t) =>
    t('The row does not have the columns that the header names, or the record not the keys that it needs.'),
  'bad-json': (t) => t('The line is not valid JSON.'),
  'bad-number': (t) => t('A number could not be read, or does not agree with another one of its record.'),
  'line-too-long': (t) => t('The line is longer than 1 MiB.'),
  'box-not-opened': (t) => t('The line is not wrapped like the others of this file, or its wrapping is damaged.'),
  'box-line-cut': (t) => t('The line was written in parts, and the last of them is missing.'),
  'unfinished-record': (t) => t('The record was cut off before its end.'),
  'other-format': (t) => t('The line belongs to another log format.'),
  'foreign-lines': (t, format) =>
    t('The line is of another log format ({0}) and is not counted. Put such lines into a file of their own.', format),
  'nothing-used': (t) =>
    t('No line of this file states mail that could be counted. Check that it is the right log, and whole.'),
  'newest-first': newestFirst,
  'no-process-id': (t) =>
    t(
      'The log has no process ids, so messages cannot be joined to their TLS sessions. Export it with ' +
        'process ids (journalctl -o short-iso).',
    ),
  'no-service-name': (t) =>
    t(
      'The log does not say which service of Postfix wrote the line, so mail of submission and other services counts as mail ' +
        'without a connector. Have rsyslog write %syslogtag%, or set ' +
        'global(parser.permitSlashInProgramName="on"); export the journal with journalctl -o short-iso.',
    ),
  'session-began-earlier': (t) =>
    t('The session began in an earlier file, so its TLS version is unknown. Open the earlier file too.'),
  'lines-missing': (t) => t('Lines of the session are missing from the log, so its TLS version is unknown.'),
  'rows-missing': (t) =>
    t('Rows of the session are missing before this one: recipients, or a whole message, may not be counted.'),
  'not-finished': (t) => t('The message was still on its way when the log ended.'),
  'discard-not-counted': (t) =>
    t(
      'An access rule of Postfix discards this mail. The client is told that it was accepted, but the log does not say ' +
        'whether it came, so it is not counted.',
    ),
  'join-evicted': (t) => t('Too many sessions were open at once; the TLS version of some messages is unknown.'),
  'too-many-names': (t) => t('The log has more names than are kept; the rest is shown as (other).'),
  'hosts-grouped': (t) =>
    t(
      'The log has more remote hosts than are kept; the rest is shown by domain (*.example.com) and network ' +
        '(192.0.0.0/16).',
    ),
  'repeats-forgotten': (t) =>
    t('There are more messages than are remembered, so one that another log or row repeats may be counted ' + 'again.'),
  'repeated-line': (t) => t('The line stands in another file too; there it is counted.'),
  'counted-twice': (t) =>
    t(
      'The message stands in another file too, word for word, and is counted twice, since nothing in the lines ' +
        'proves that it is the same. Give only one of the files.',
    ),
  'same-report-id': (t) =>
    t('Another report of this sender has the same id and says something else; both are counted. One may be damaged.'),
  'unknown-tls': (t) => t('What stands in the TLS column names no version that is known here; it counts as unknown.'),
  'unknown-status': (t) =>
    t('The status of the row is not known here, so it is not known whether the message was delivered.'),
  'no-direction': (t) =>
    t(
      'Nothing says whether the mail of the row was inbound or outbound. Say it with the setting ' +
        'mailFlow.columns.',
    ),
  'time-from-file': (t) => t('The rows have no date; they are shown at the time when the file was last changed.'),
  'counts-from-percentages': (t) =>
    t(
      'The report has percentages; the numbers of messages were computed from them and the volume, so they ' +
        'may be one off.',
    ),
  'not-followed': (t) =>
    t('The log was cut or replaced while it was followed: lines may be missing. Read its files anew.'),
  'truncated-file': (t) => t('The compressed file ends early.'),
  'damaged-file': (t) =>
    t(
      'The compressed file is damaged: what stands at the damage may be wrong, and what comes after it may be missing.',
    ),
};

/** Why lines could not be used, as a sentence that says what to do where something can be done. */
export function problemSentence(
  t: Translate,
  { code, format = '', from, to }: Pick<Problem, 'code' | 'format' | 'from' | 'to'>,
): string {
  if (code === 'not-followed' && from !== undefined && to !== undefined)
    return t(
      'The log was cut or replaced while it was followed: lines that were written from {0} to {1} may be missing. ' +
        'Read its files anew.',
      new Date(from).toISOString(),
      new Date(to).toISOString(),
    );
  return problemSentences[code](t, displayText(format));
}

const adviceSentences: Readonly<Record<string, (t: Translate) => string>> = {
  'postfix-smtpd-tls-loglevel': (t) =>
    t('The log does not show TLS of inbound mail. Set smtpd_tls_loglevel=1 in main.cf and reload Postfix.'),
  'postfix-smtp-tls-loglevel': (t) =>
    t('The log does not show TLS of outbound mail. Set smtp_tls_loglevel=1 in main.cf and reload Postfix.'),
  'exim-tls-cipher': (t) =>
    t('The log shows TLS, but not its version. Add +tls_cipher to log_selector in the configuration of ' + 'Exim.'),
  'sendmail-log-level': (t) =>
    t('The log does not show TLS handshakes. Set LogLevel to 9 or more (confLOG_LEVEL) and restart ' + 'Sendmail.'),
  'exchange-online-no-tls': (t) =>
    t(
      'This report of Exchange Online has no TLS. Request an extended report (Start-HistoricalSearch ' +
        '-ReportType MessageTraceDetail) or a connector report instead.',
    ),
  'ambiguous-dates': (t) =>
    t(
      'Nothing in the file tells whether its dates begin with the day or the month. Export it with dates as ' +
        'in 2026-03-28T07:50:18 (Select-Object with ToString("s")), or over days after the 12th.',
    ),
  'exchange-tracking-no-tls': (t) =>
    t(
      'Message tracking does not log TLS. Open the SMTP protocol logs (RECV and SEND) of the same time with ' +
        'it; Set-ReceiveConnector and Set-SendConnector turn them on with -ProtocolLoggingLevel Verbose.',
    ),
  'cisco-esa-cef-tls-fields': (t) =>
    t(
      'The events do not show TLS. Add the TLS fields to the log subscription of the consolidated event ' +
        'logs (AsyncOS 14.3 or later).',
    ),
  'zeek-ssl-log': (t) => t('Some sessions with TLS have no version. Open the ssl.log of the same time too.'),
  'zeek-public-addresses': (t) =>
    t('Some sessions have public addresses at both ends, so their direction is not known; they count as ' + 'inbound.'),
};

/** What an administrator can set so that the log says more. Unknown codes result in an empty string. */
export function adviceSentence(t: Translate, code: string): string {
  return Object.hasOwn(adviceSentences, code) ? adviceSentences[code](t) : '';
}
