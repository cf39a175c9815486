import type { Format } from '../../reading/format';
import { postfixForm } from './form';
import { PostfixParser } from './parser';

/** Postfix, as syslog or the systemd journal keeps its messages (https://www.postfix.org/DEBUG_README.html#logging). */
export const postfix: Format = {
  id: 'postfix',
  name: 'Postfix',
  repeats: 'lines',
  detect: ({ lines }) => postfixForm(lines) !== undefined,
  parser: (sink) => new PostfixParser(sink),
};
