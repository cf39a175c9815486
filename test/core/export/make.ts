/** Reports for the tests of exports, and the names that strangers would give. */
import { createHash, createHmac } from 'node:crypto';
import type { FileReport } from '../../../src/core/model';
import { DirectionCode, TlsCode, UnitCode } from '../../../src/core/model';
import { defaultLimits } from '../../../src/core/insights/index';
import { Zone } from '../../../src/core/text/zone';
import { drawSvg } from '../../../src/presentation/svg';
import { Text } from '../../../src/presentation/text';
import type { Means } from '../../../src/export/formats';
import { makeReport, type Report } from '../../../src/export/report';
import { cubeOf, noon, type Kind } from '../webview/make';

const day = 86_400_000;

export const kinds: Kind[] = [
  {
    tls: TlsCode.tls13,
    count: 9997,
    time: noon - day,
    cipher: 'TLS_AES_256_GCM_SHA384',
    remote: 'mx1.partner.example',
    line: 2,
  },
  { tls: TlsCode.none, count: 4, time: noon, remote: '192.0.2.77', line: 3 },
  { tls: TlsCode.unknown, count: 5, time: noon, line: 4 },
  {
    connector: 'Contoso partner',
    direction: DirectionCode.outbound,
    tls: TlsCode.none,
    count: 30,
    time: noon - 2 * day,
    remote: 'relay.contoso.example.co.uk',
    line: 5,
  },
  {
    connector: 'Contoso partner',
    direction: DirectionCode.outbound,
    tls: TlsCode.tls12,
    count: 70,
    time: noon,
    remote: '192.0.2.99',
    line: 6,
  },
  {
    connector: 'reports',
    direction: DirectionCode.outbound,
    tls: TlsCode.tls,
    count: 12,
    unit: UnitCode.session,
    line: 7,
  },
];

export const hostile = [
  '<img src=x onerror=alert(1)>',
  '=HYPERLINK("https://x.example")',
  '+1',
  '-1',
  '@SUM(A1)',
  '\uff1d1',
  ' =1',
  '\t=1',
  '\r\n=1',
  'a,"b"\n=c',
  '\u202egnp.exe',
  '[a](javascript:alert(1))',
  '`x` | y\\|',
  '</style><script>alert(1)</script>',
  '"><svg/onload=alert(1)>',
  'x'.repeat(65_536),
  'موصل',
  '&lt;b&gt;',
  "' or 1=1",
  'www.evil.example http://evil.example a@b.example',
];

export function reportOf(list: readonly Kind[] = kinds, changes: Partial<FileReport> = {}): Report {
  const file: FileReport = {
    path: '/var/log/canary-folder/mail.log',
    format: 'postfix',
    bytes: 4321,
    sha256: 'ab'.repeat(32),
    lines: { read: 10, used: 7, context: 2, skipped: 1 },
    problems: [{ code: 'bad-time', count: 1, line: 4 }],
    state: 'complete',
    advice: ['postfix-smtpd-tls-loglevel'],
    checkpoints: [],
    covers: [],
    ...changes,
  };
  return makeReport(
    { files: [file], cube: cubeOf(list), progress: { read: 1, total: 1 }, complete: true },
    { period: 'all', zone: new Zone('Europe/Rome'), limits: defaultLimits },
  );
}

export const means = (changes: Partial<Means> = {}): Means => ({
  tool: { name: 'mail-flow-report', version: '9.8.7', generated: new Date(noon) },
  rules: [{ name: 'Contoso partner', hosts: ['*.contoso.example'], requireTls: 'tls1.2' }],
  pseudonymised: false,
  csv: 'safe',
  text: new Text('en', {}, 'Europe/Rome'),
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  draw: drawSvg,
  ...changes,
});

export const keyed = (key: string) => (text: string) => createHmac('sha256', key).update(text).digest('hex');
