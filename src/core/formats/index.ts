import { exchangeSmtp } from './exchange-smtp';
import { exchangeTracking } from './exchange-tracking';
import { exoExtended } from './exo-extended';
import { exoDetail } from './exo-detail';
import { exoEnhanced } from './exo-enhanced';
import { exoSummary } from './exo-summary';
import { exoConnectorReport } from './exo-connector-report';
import { eacReport } from './eac-report';
import { table } from './table';
import { exim } from './exim';
import type { Format } from './format';
import { opensmtpd } from './opensmtpd';
import { postfix } from './postfix';
import { sendmail } from './sendmail';
import { tlsrpt } from './tlsrpt';
import { ciscoEsaCef } from './cisco-esa-cef';
import { ciscoEsaMail } from './cisco-esa-mail';
import { mimecast } from './mimecast';
import { proofpoint } from './proofpoint';
import { ses } from './ses';
import { kumomta } from './kumomta';
import { gmailBigquery } from './gmail-bigquery';
import { haraka } from './haraka';
import { stalwart } from './stalwart';
import { zeekSmtp } from './zeek-smtp';

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
