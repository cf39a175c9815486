import type { Translate } from '../text/translate';

const gone = (t: Translate) => t('The file does not exist any more.');
const forbidden = (t: Translate) =>
  t(
    'You have no permission to read the file. On Linux mail logs are for a group such as adm or systemd-journal: join it, or read a copy.',
  );
const locked = (t: Translate) => t('Another program has locked the file.');
const irregular = (t: Translate) => t('It is not a regular file.');
const tooMany = (t: Translate) => t('Too many files are open at once.');

/** Of a log whose lines need those before them. */
export const newestFirst = (t: Translate) =>
  t(
    'Its lines go from the newest to the oldest, so that what belongs together can not be joined. Sort them by time, ' +
      'the oldest first, and open the log again.',
  );

/** Why a file could not be read, by the system's error code, one of our own, or the problem of its container. */
const failures: Readonly<Record<string, (t: Translate) => string>> = {
  ENOENT: gone,
  ENOTDIR: gone,
  EACCES: forbidden,
  EPERM: forbidden,
  EBUSY: locked,
  ETXTBSY: locked,
  EISDIR: irregular,
  EINVAL: irregular,
  ENXIO: irregular,
  ELOOP: (t) => t('The file is a link to itself.'),
  EMFILE: tooMany,
  ENFILE: tooMany,
  ENOSPC: (t) =>
    t(
      'There is no room for unpacking the archive in the folder for temporary files. Unpack it and open what is in it.',
    ),
  ESTALE: (t) => t('The file was replaced or cut while it was read.'),
  EBOMB: (t) => t('The compressed file unpacks to more than a thousand times its size, which no mail log does.'),
  ECRYPT: (t) => t('It is encrypted. Unpack it with its password and open what is in it.'),
  EMETHOD: (t) => t('It is packed in a way that is not read here. Unpack it and open what is in it.'),
  EDEPTH: (t) => t('It is an archive in an archive in an archive in an archive. Unpack it and open what is in it.'),
  EENTRIES: (t) => t('The archive has more than 10,000 entries; the others are left out. Unpack it and open them.'),
  ETHREAD: (t) => t('The reading thread ended twice; the file may be too much for the memory of this machine.'),
  'newest-first': newestFirst,
  'truncated-file': (t) => t('The compressed file ends early.'),
  'damaged-file': (t) =>
    t(
      'The compressed file is damaged: what stands at the damage may be wrong, and what comes after it may be missing.',
    ),
};

/** Why a file could not be read, as a sentence. */
export function failureSentence(t: Translate, code: string): string {
  return Object.hasOwn(failures, code) ? failures[code](t) : t('The system reported {0}.', code);
}
