import type { Format } from '../../reading/format';
import { Carrier, type Stream } from '../syslog/carrier';
import { isPostfix } from './form';
import { PostfixParser } from './parser';
import { isOfPostfix } from './programs';

/** The lines of Postfix in the log of a system. */
export const postfixStream: Stream = {
  id: 'postfix',
  owns: isOfPostfix,
  parser: (sink, reader) => new PostfixParser(sink, reader),
};

/** Postfix, as syslog or the systemd journal keeps its messages (https://www.postfix.org/DEBUG_README.html#logging). */
export const postfix: Format = {
  id: 'postfix',
  name: 'Postfix',
  repeats: 'lines',
  byServer: true,
  inOrder: true,
  detect: ({ lines }) => isPostfix(lines),
  parser: (sink) => new Carrier(sink, [postfixStream]),
};
