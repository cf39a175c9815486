// Written by `npm run generate` from the files beside it, in the order of the rules.
import { noTls } from './no-tls';
import { tls10 } from './tls10';
import { tls11 } from './tls11';
import { weakCiphers } from './weak-ciphers';
import { tlsNotLogged } from './tls-not-logged';
import { requiredTls } from './required-tls';
import { clearAfterFailedHandshake } from './clear-after-failed-handshake';
import { volumeChange } from './volume-change';
import { connectorSilent } from './connector-silent';
import { worseThanBaseline } from './worse-than-baseline';

export const list = [
  noTls,
  tls10,
  tls11,
  weakCiphers,
  tlsNotLogged,
  requiredTls,
  clearAfterFailedHandshake,
  volumeChange,
  connectorSilent,
  worseThanBaseline,
] as const;
