import { stampPattern } from './syslogline';

const prefix = new RegExp(String.raw`^(?:<\d{1,3}>)?(?:1 )?${stampPattern} ([^\s:[\]]\S{0,254}) `);

/** The host in what stands before the text of a line, if that is the prefix of syslog with a program; else ''. */
export function syslogHost(before: string): string {
  const host = prefix.exec(before)?.[1] ?? '';
  return host.endsWith(':') || host === '-' ? '' : host;
}
