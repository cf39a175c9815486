/** Which directions the fixtures have to show: a parser that mixes them up gives other figures only where there are some. */
import type { Direction } from '../../../src/core/model';
import type { FixtureCase } from '../reading/read';

const both = ['inbound', 'outbound'] as const;
const all = [...both, 'internal'] as const;

/** The directions that each format can state, by its id. */
export const directionsOf: Readonly<Record<string, readonly Direction[]>> = {
  'cisco-esa-cef': both,
  'cisco-esa-mail': both,
  'eac-report': all,
  'exchange-smtp': all,
  'exchange-tracking': all,
  'exo-connector-report': all,
  'exo-detail': both,
  'exo-enhanced': all,
  'exo-extended': both,
  'exo-summary': all,
  exim: all,
  'gmail-bigquery': both,
  haraka: all,
  kumomta: both,
  mimecast: all,
  opensmtpd: all,
  postfix: all,
  proofpoint: all,
  sendmail: all,
  // It sees the way out only: the way in is an API or a submission that its events do not describe.
  ses: ['outbound'],
  stalwart: all,
  table: all,
  // Others report how they reached us.
  tlsrpt: ['inbound'],
  'zeek-smtp': all,
};

/** Fixtures in which nothing is to be counted, and why. */
export const withoutMail: Readonly<Record<string, string>> = {
  'exo-summary/without-addresses': 'no row says which way its message went',
  'unrecognised/other-text': 'it is no log',
};

/** The directions in which a fixture has accepted mail or sessions. */
export function directionsIn({ expected }: FixtureCase): Set<Direction> {
  const accepted = /^\S+ \S+ (?:message|session) (\w+) accepted .* messages [1-9]\d* recipients \d+ bytes \d+$/;
  return new Set((expected?.cells ?? []).flatMap((cell) => (accepted.exec(cell)?.[1] as Direction | undefined) ?? []));
}
