import type { Format } from './format';
import { postfixForm } from './postfix/form';
import { PostfixParser } from './postfix/parser';

/** Postfix, as syslog or the systemd journal keeps its messages (https://www.postfix.org/DEBUG_README.html#logging). */
export const postfix: Format = {
  id: 'postfix',
  name: 'Postfix',
  detect: ({ lines }) => postfixForm(lines) !== undefined,
  parser: (sink) => new PostfixParser(sink),
};
