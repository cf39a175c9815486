import { exchangeSmtp } from './exchange-smtp/exchange-smtp';
import { exchangeTracking } from './exchange-tracking/exchange-tracking';
import { exoExtended } from './exchange-online/exo-extended';
import { exoDetail } from './exchange-online/exo-detail';
import { exoEnhanced } from './exchange-online/exo-enhanced';
import { exoSummary } from './exchange-online/exo-summary';
import { exoConnectorReport } from './exchange-online/exo-connector-report';
import { eacReport } from './exchange-online/eac-report';
import { table } from './table/table';
import { exim } from './exim/exim';
import type { Format } from '../reading/format';
import { opensmtpd } from './opensmtpd/opensmtpd';
import { postfix } from './postfix/postfix';
import { sendmail } from './sendmail/sendmail';
import { syslog } from './syslog/syslog';
import { tlsrpt } from './tlsrpt/tlsrpt';
import { ciscoEsaCef } from './cisco-esa/cisco-esa-cef';
import { ciscoEsaMail } from './cisco-esa/cisco-esa-mail';
import { mimecast } from './mimecast';
import { proofpoint } from './proofpoint';
import { ses } from './ses';
import { kumomta } from './kumomta';
import { gmailBigquery } from './gmail-bigquery';
import { haraka } from './haraka';
import { stalwart } from './stalwart/stalwart';
import { zeekSmtp } from './zeek/zeek-smtp';

/** Every format, one line each. The order has no meaning: exactly one claims a file. */
export const formats: readonly Format[] = [
  exchangeSmtp,
  exchangeTracking,
  exoExtended,
  exoDetail,
  exoEnhanced,
  exoSummary,
  exoConnectorReport,
  eacReport,
  table,
  exim,
  opensmtpd,
  postfix,
  sendmail,
  tlsrpt,
  ciscoEsaCef,
  ciscoEsaMail,
  mimecast,
  proofpoint,
  ses,
  kumomta,
  gmailBigquery,
  haraka,
  stalwart,
  zeekSmtp,
];

/** Formats that carry others; they claim no file. */
export const carriers: readonly Format[] = [syslog];
