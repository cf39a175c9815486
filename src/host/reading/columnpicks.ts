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

/** What is asked of a column: its role, the question, and whether there must be one. */
type Question = readonly [role: ColumnRole, placeHolder: string, needed: boolean];

/**
 * Asks what the columns of a table mean, and keeps it for every table with this header in the setting
 * `mailFlow.columns`. @returns whether it was said.
 */
export async function mapColumns(path: string): Promise<boolean> {
  const header = await tableHeader(path);
  if (!header) return false;
  const message: QuickPickItem = { label: l10n.t('A message with its connector and TLS version') },
    line: QuickPickItem = { label: l10n.t('A line of a log') };
  const kind = await pick([message, line], l10n.t('What does each row hold?'));
  if (!kind) return false;
  const columns = await askColumns(header.names, kind === line ? lineQuestions() : messageQuestions());
  if (!columns) return false;
  const direction = kind === line || columns.direction !== undefined ? 'logged' : await askDirection();
  if (!direction) return false;
  const config = workspace.getConfiguration('mailFlow');
  const mapping: ColumnMapping = { header: header.line, columns, ...(direction !== 'logged' && { direction }) };
  await config.update(
    'columns',
    [mapping, ...config.get<ColumnMapping[]>('columns', [])],
    workspace.workspaceFolders && workspace.isTrusted ? ConfigurationTarget.Workspace : ConfigurationTarget.Global,
  );
  return true;
}

function messageQuestions(): Question[] {
  return [
    ['connector', l10n.t('Which column names the connector?'), false],
    ['tls', l10n.t('Which column has the TLS version?'), true],
    ['time', l10n.t('Which column has the time?'), false],
    ['direction', l10n.t('Which column has the direction?'), false],
  ];
}

function lineQuestions(): Question[] {
  return [
    ['line', l10n.t('Which column has the line of the log, or its text?'), true],
    ['time', l10n.t('Which column has the time?'), false],
    ['host', l10n.t('Which column names the server that wrote the line?'), false],
    ['program', l10n.t('Which column names the program, such as postfix/smtpd?'), false],
    ['pid', l10n.t('Which column has the process id?'), false],
  ];
}

/** The column for each role; undefined where the user gave up. */
async function askColumns(
  names: readonly string[],
  questions: readonly Question[],
): Promise<ColumnMapping['columns'] | undefined> {
  const columns: ColumnMapping['columns'] = {};
  for (const [role, placeHolder, needed] of questions) {
    const none: QuickPickItem = { label: l10n.t('None') };
    const items: QuickPickItem[] = names.map((name) => ({ label: plainText(name) }));
    const picked = await pick(needed ? items : [...items, none], placeHolder);
    if (!picked) return undefined;
    const at = items.indexOf(picked);
    if (at >= 0) columns[role] = names[at];
  }
  return columns;
}

async function askDirection(): Promise<ColumnMapping['direction']> {
  const inbound: QuickPickItem = { label: l10n.t('Inbound') },
    outbound: QuickPickItem = { label: l10n.t('Outbound') };
  const picked = await pick([inbound, outbound], l10n.t('Which direction do all rows have?'));
  return picked && (picked === inbound ? 'inbound' : 'outbound');
}

function pick(items: readonly QuickPickItem[], placeHolder: string): Thenable<QuickPickItem | undefined> {
  return window.showQuickPick(items, {
    title: l10n.t('Map the Columns of the Table'),
    placeHolder,
    ignoreFocusOut: true,
  });
}
