import { TlsCode } from '../core/model';

/**
 * What is drawn over the colour of a TLS version in a square of 8 by 8, so that colour is never the only difference;
 * the most secure versions are plain.
 */
export const textures: Partial<Record<TlsCode, string>> = {
  [TlsCode.none]: 'M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6',
  [TlsCode.ssl30]: 'M0 8 L8 0 M0 0 L8 8',
  [TlsCode.tls10]: 'M4 2.5 V5.5 M2.5 4 H5.5',
  [TlsCode.tls11]: 'M0 2 H8 M0 6 H8',
  [TlsCode.tls]: 'M2 0 V8 M6 0 V8',
  [TlsCode.unknown]: 'M4 4 H4.01',
};
