import { clearAfterFailedHandshake } from './clear';
import { TlsCode, tlsVersions } from '../model';
import type { Insight, Rule } from './insight';
import { tlsNotLogged } from './notlogged';
import { noTlsOver } from './notls';
import { requiredTlsNotMet } from './requiredtls';
import { connectorSilent } from './silent';
import { tls10Above } from './tls10';
import { tls11Share } from './tls11';
import { volumeChange } from './volume';
import { weakCiphers } from './weakciphers';
import { worseThanBaseline } from './worse';

/** Every rule. The order decides between findings that are equally bad. */
export const rules: readonly Rule[] = [
  noTlsOver,
  tls10Above,
  tls11Share,
  weakCiphers,
  tlsNotLogged,
  requiredTlsNotMet,
  clearAfterFailedHandshake,
  volumeChange,
  connectorSilent,
  worseThanBaseline,
];

/** The TLS versions of the messages that an insight is about, or undefined where they can't be told by their version: what to ask for when its remote hosts are listed. */
export function versionsOf({ id, version }: Pick<Insight, 'id' | 'version'>): TlsCode[] | undefined {
  if (version === 'tls1.0') return [TlsCode.ssl30, TlsCode.tls10];
  const versions = version === undefined ? rules.find((rule) => rule.id === id)?.versions : [version];
  return versions?.map((one) => tlsVersions.indexOf(one));
}
