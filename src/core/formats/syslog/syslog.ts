import type { Format } from '../../reading/format';
import { exim } from '../exim/exim';
import { opensmtpd } from '../opensmtpd/opensmtpd';
import { postfixStream } from '../postfix/postfix';
import { sendmail } from '../sendmail/sendmail';
import { writtenBy } from '../shared/syslogline';
import { Carrier } from './carrier';

const streams = [postfixStream, exim, sendmail, opensmtpd];
const written = writtenBy('[^\\s:[\\]]+');

/**
 * The log of a system or of several, in which programs of all kinds write lines: those of every mail server in it are
 * read.
 */
export const syslog: Format = {
  id: 'syslog',
  name: 'Syslog',
  repeats: 'lines',
  byServer: true,
  inOrder: true,
  detect: ({ lines }) => lines.some(written),
  carries: streams.map(({ id }) => id),
  parser: (sink) => new Carrier(sink, streams),
};
