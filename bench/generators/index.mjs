import { connectorReport } from './connectorreport.mjs';
import { exchangeSmtp } from './exchangesmtp.mjs';
import { exchangeTracking } from './exchangetracking.mjs';
import { exim } from './exim.mjs';
import { postfix } from './postfix.mjs';

/** Makers of logs by format: `(file, bytes)` writes the log, and FILE.truth.json with what is in it. */
export const generators = {
  postfix,
  'exchange-smtp': exchangeSmtp,
  exim,
  'exchange-tracking': exchangeTracking,
  'connector-report': connectorReport,
};
