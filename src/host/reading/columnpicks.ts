import { open } from 'node:fs/promises';
import { ConfigurationTarget, l10n, window, workspace, type QuickPickItem } from 'vscode';
import type { ColumnMapping, ColumnRole } from '../../core/connectors/columns';
import { Utf16Decoder, utf16Order } from '../../core/text/utf16';
import { decode } from '../../core/text/words';
import { plainText } from '../wording';

const headSize = 64 * 1024;

/**
 * The header line of a file that looks like a table: its first line and the column names in it; undefined for any other
 * file.
 */
export async function tableHeader(path: string): Promise<{ line: string; names: string[] } | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headSize), 0, headSize, 0);
    const head = buffer.subarray(0, bytesRead),
      order = utf16Order(head);
    return headerOf(decode(order ? new Utf16Decoder(order).push(head) : head));
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** @internal for its test. Names in quotes are taken as they are read by whoever wrote the table. */
export function headerOf(text: string): { line: string; names: string[] } | undefined {
  const line = text.replace(/^\ufeff/, '').split(/\r?\n/, 1)[0];
  const mark = ['\t', ';', ','].find((one) => line.split(one).length > 2);
  if (mark === undefined || line.length > 4096) return undefined;
  const names = line.split(mark).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  return names.every((name) => name !== '' && !/^[\d.]+$/.test(name)) ? { line, names } : undefined;
}

/**
 * Asks what the columns of a table mean, and keeps it for every table with this header in the setting
 * `mailFlow.columns`. @returns whether it was said.
 */
export async function mapColumns(path: string): Promise<boolean> {
  const header = await tableHeader(path);
  if (!header) return false;
  const columns: Partial<Record<ColumnRole, string>> = {};
  const questions: [ColumnRole, string, boolean][] = [
    ['connector', l10n.t('Which column names the connector?'), false],
    ['tls', l10n.t('Which column has the TLS version?'), true],
    ['time', l10n.t('Which column has the time?'), false],
    ['direction', l10n.t('Which column has the direction?'), false],
  ];
  for (const [role, placeHolder, needed] of questions) {
    const none: QuickPickItem = { label: l10n.t('None') };
    const items: QuickPickItem[] = header.names.map((name) => ({ label: plainText(name) }));
    const picked = await window.showQuickPick(needed ? items : [...items, none], {
      title: l10n.t('Map the Columns of the Table'),
      placeHolder,
      ignoreFocusOut: true,
    });
    if (!picked) return false;
    const at = items.indexOf(picked);
    if (at >= 0) columns[role] = header.names[at];
  }
  let direction: ColumnMapping['direction'];
  if (columns.direction === undefined) {
    const inbound: QuickPickItem = { label: l10n.t('Inbound') },
      outbound: QuickPickItem = { label: l10n.t('Outbound') };
    const picked = await window.showQuickPick([inbound, outbound], {
      title: l10n.t('Map the Columns of the Table'),
      placeHolder: l10n.t('Which direction do all rows have?'),
      ignoreFocusOut: true,
    });
    if (!picked) return false;
    direction = picked === inbound ? 'inbound' : 'outbound';
  }
  const config = workspace.getConfiguration('mailFlow');
  const mapping: ColumnMapping = { header: header.line, columns, ...(direction && { direction }) };
  await config.update(
    'columns',
    [mapping, ...config.get<ColumnMapping[]>('columns', [])],
    workspace.workspaceFolders && workspace.isTrusted ? ConfigurationTarget.Workspace : ConfigurationTarget.Global,
  );
  return true;
}
