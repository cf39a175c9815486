/**
 * What the user is told when something could not be done: which file, why, and what to do. One message for each
 * reading, however many files.
 */
import { l10n } from 'vscode';
import type { FileReport } from '../../core/model';
import { mapColumns, tableHeader } from './columnpicks';
import { mostFiles } from './files';
import { formatNames } from './recognise';
import { complain, warn, type Action } from '../notify';
import { failureText, fileName, fileNames, number } from '../wording';

/** Files are in no known format. */
export async function tellUnrecognised(paths: readonly string[], retry: () => void): Promise<void> {
  const formats = (await formatNames()).join(', ');
  const table = paths.length === 1 && (await tableHeader(paths[0])) !== undefined;
  complain(
    paths.length === 1
      ? l10n.t('{0} is not a mail log in a known format. Known formats: {1}.', fileName(paths[0]), formats)
      : l10n.t('These files are not mail logs in a known format: {0}. Known formats: {1}.', fileNames(paths), formats),
    ...(table
      ? [
          [
            l10n.t('Map Columns…'),
            // VS Code says itself why it can't write settings.
            () =>
              void mapColumns(paths[0]).then(
                (done) => {
                  if (done) retry();
                },
                (error: Error) => complain(error.message),
              ),
          ] satisfies Action,
        ]
      : []),
  );
}

/** Files could not be read, or not to their end; the others are in the report. */
export function tellUnreadable(files: readonly FileReport[], retry: () => void): void {
  const [{ path, detail, state }] = files,
    why = failureText(detail);
  const message =
    files.length > 1
      ? l10n.t(
          '{0} files could not be read to their end: {1}. The first one: {2}',
          number(files.length),
          fileNames(files.map((file) => file.path)),
          why,
        )
      : state === 'partial'
        ? l10n.t('{0} was read only in part. {1}', fileName(path), why)
        : l10n.t('{0} could not be read. {1}', fileName(path), why);
  complain(message, [l10n.t('Retry'), retry]);
}

/** Files that were read before can't be read any more. Their figures stay. */
export function tellLost(paths: readonly string[], retry: () => void, remove: () => void): void {
  const message =
    paths.length === 1
      ? l10n.t('{0} can no longer be read. The figures are those of the last reading.', fileName(paths[0]))
      : l10n.t(
          '{0} files can no longer be read: {1}. The figures are those of the last reading.',
          number(paths.length),
          fileNames(paths),
        );
  complain(message, [l10n.t('Retry'), retry], [l10n.t('Remove from Report'), remove]);
}

/** Paths that can't be opened at all. */
export function tellRefused(refused: readonly { path: string; code: string }[], retry: () => void): void {
  const [{ path, code }] = refused;
  const message =
    refused.length === 1
      ? l10n.t('{0} could not be opened. {1}', fileName(path), failureText(code))
      : l10n.t(
          '{0} paths could not be opened: {1}. The first one: {2}',
          number(refused.length),
          fileNames(refused.map((one) => one.path)),
          failureText(code),
        );
  complain(message, [l10n.t('Retry'), retry]);
}

/** The worker gave up. */
export function tellFailure(retry: () => void, showLog: () => void): void {
  complain(
    l10n.t(
      'The logs could not be read to their end, because the reading process stopped. The last complete figures stay.',
    ),
    [l10n.t('Retry'), retry],
    [l10n.t('Show Log'), showLog],
  );
}

export function tellTooMany(): void {
  warn(l10n.t('A report takes at most {0} files; the others are left out.', number(mostFiles)));
}

/** A folder, or folders, without any file. */
export function tellEmpty(paths: readonly string[]): void {
  complain(l10n.t('There is no file in {0}.', fileNames(paths)));
}

/** Files that are not on a disk of the machine that the extension runs on. */
export function tellNotLocal(names: readonly string[]): void {
  complain(
    l10n.t(
      'Mail Flow Report reads files on a disk only, so it cannot read {0}. Save a copy on disk and open that.',
      fileNames(names),
    ),
  );
}
