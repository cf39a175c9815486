import { l10n, ProgressLocation, window, type Progress } from 'vscode';
import { bytesText, fileNames } from '../wording';

/** A reading that ends before this many milliseconds needs no notification. */
const quick = 500;

type Report = (progress: { read: number; total: number }) => void;

/**
 * Shows how far `work` is: in a notification that can cancel it where the user asked for it, else in the status bar.
 * `work` gets a function to say how many bytes of how many have been read.
 */
export async function showProgress<T>(
  asked: boolean,
  paths: readonly string[],
  cancel: () => void,
  work: (report: Report) => Promise<T>,
): Promise<T> {
  let shown: Progress<{ message?: string; increment?: number }> | undefined,
    percent = 0;
  const done = work(({ read, total }) => {
    if (total === 0) return;
    const now = Math.min(100, Math.floor((read / total) * 100));
    shown?.report({
      message: l10n.t('{0} of {1}', bytesText(read), bytesText(total)),
      increment: Math.max(0, now - percent),
    });
    percent = Math.max(percent, now);
  });
  const late = await Promise.race([
    done.then(
      () => false,
      () => false,
    ),
    new Promise<true>((resolve) => setTimeout(resolve, quick, true)),
  ]);
  if (!late) return done;
  const title = l10n.t('Reading {0}', fileNames(paths));
  return window.withProgress(
    { location: asked ? ProgressLocation.Notification : ProgressLocation.Window, title, cancellable: asked },
    (progress, token) => {
      shown = progress;
      progress.report({ increment: percent });
      token.onCancellationRequested(cancel);
      return done;
    },
  );
}
