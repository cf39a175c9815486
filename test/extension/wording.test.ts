import { deepEqual, doesNotMatch, equal } from 'node:assert/strict';
import { baseNames, fileNames, plainText } from '../../src/host/wording';

describe('Text of strangers', () => {
  it('can be neither an icon, nor a link, nor turn the writing around', () => {
    equal(plainText('$(trash) a'), '$ (trash) a');
    doesNotMatch(plainText('[x](command:workbench.action.quit)'), /\]\(/);
    equal(plainText('a\u202egnp.log'), 'a\\u{202e}gnp.log');
    equal(fileNames(['/var/[log](command:x).gz', '/a', '/b', '/c', '/d']), '[log] (command:x).gz, a, b and 2 more');
  });
});

describe('Names of files', () => {
  it('have as many folders as tell them apart', () => {
    deepEqual(
      baseNames(['/a/one/mail.log', '/b/one/mail.log', '/a/two/mail.log', '/a/other.log']),
      ['/a/one/mail.log', '/b/one/mail.log', 'two/mail.log', 'other.log'].map((name, i) =>
        i < 2 ? name.slice(1) : name,
      ),
    );
    deepEqual(baseNames(['/x/mail.log', '/x/mail.log']), ['/x/mail.log', '/x/mail.log']);
  });
});
