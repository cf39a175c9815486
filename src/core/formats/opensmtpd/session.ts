import { ForcedCode, type PlaceCode, type TlsCode, type WordId } from '../../model';
import type { Sink } from '../../reading/sink';
import { isOpensmtpd } from './detect';
import type { EntryFields } from '../../reading/state';

/** A program on a host; the host is empty where none is logged. */
export interface Writer {
  isOurs: boolean;
  host: string;
  server: WordId;
}

export function writerOf(host: string, program: string, { words }: Sink): Writer {
  return { isOurs: isOpensmtpd(program), host, server: words.servers.id(host) };
}

/** A session with another host, from its first line to its last. Plain data. */
export interface OpensmtpdSession {
  /** `TlsCode.none` as long as no handshake has succeeded, `unknown` where the log does not show how it began. */
  tls: TlsCode;
  cipher: WordId;
  /** Its line of the handshake, or of its beginning: see `MailEvent.tlsAt`. */
  tlsAt: PlaceCode;
  remote: WordId;
  address: WordId;
  forced: ForcedCode;
  /** It is one with a program of this host, with this host itself, or with a mailbox server. */
  local: boolean;
  internal: boolean;
  /** The handshake has failed and it goes on in clear. */
  downgraded: boolean;
  /** It has had an error, after which no line tells of its end. */
  failed: boolean;
  /**
   * The message of the latest line that counted, and a number for what came of it: further recipients have the same.
   */
  message: number;
  result: number;
}

export function newSession(tls: TlsCode, tlsAt: PlaceCode = 0): OpensmtpdSession {
  return {
    tls,
    tlsAt,
    cipher: 0,
    remote: 0,
    address: 0,
    forced: ForcedCode.unknown,
    local: false,
    internal: false,
    downgraded: false,
    failed: false,
    message: 0,
    result: 0,
  };
}

/** Where word ids stand in a session. */
export const sessionFields: EntryFields<OpensmtpdSession> = {
  cipher: 'ciphers',
  tlsAt: 'place',
  remote: 'remotes',
  address: 'addresses',
};
