import { l10n } from 'vscode';
import type { SettingRemark } from '../configuration';
import { warn } from '../notify';
import { number, plainText } from '../wording';

/** Settings that are wrong, if any: at most three in one message, since all are in the Problems panel or the log. */
export function tellSettings(remarks: readonly SettingRemark[], open: () => void): void {
  const wrong = remarks
    .filter((remark) => remark.wrong)
    .map(({ key, message }) => `mailFlow.${key}: ${plainText(message)}`);
  if (wrong.length > 0)
    warn(
      [...wrong.slice(0, 3), ...(wrong.length > 3 ? [l10n.t('And {0} more.', number(wrong.length - 3))] : [])].join(
        ' ',
      ),
      [l10n.t('Open Settings'), open],
    );
}
