import { limits, type CubeBuilder, type IdMap } from '../../cube/cubebuilder';
import type { WordId } from '../../model';
import type { Sink } from '../../reading/sink';
import { Recent, equals, find, hashOf } from '../../text/ascii';
import { Words } from '../../text/words';

/** The host at the other end of a connection. */
export interface Peer {
  client: number;
  remote: WordId;
  address: WordId;
  loopback: boolean;
}

/**
 * Reads the host at the other end of a connection, as Postfix writes it: `mail.example[192.0.2.1]`, with `:25` where it
 * is a server.
 */
export class PeerReader implements Peer {
  /** A number for all of its text, to be compared with that of another line; set by `readClient`. */
  client = 0;
  /** The host's name, or its address where it has none; 0 for `none`. */
  remote: WordId = 0;
  /** Its address; 0 where no rule asks for it, since addresses are the one thing of which a log has millions. */
  address: WordId = 0;
  /** Whether it is this host itself: a hop to or from a content filter. */
  loopback = false;
  private readonly words: CubeBuilder;
  private readonly addresses: boolean;

  constructor(sink: Sink) {
    this.words = sink.words;
    this.addresses = sink.options.rules.length > 0;
  }

  /** Reads a client. */
  readClient(b: Uint8Array, v: DataView, s: number, e: number): this {
    this.client = hashOf(v, s, e);
    this.read(b, v, s, e);
    return this;
  }

  /**
   * Takes a client that the kernel has found, not this host: its name or else its address in `b[s, e)` with its hash,
   * its address in `b[from, to)`.
   */
  take(b: Uint8Array, client: number, s: number, e: number, hash: number, from: number, to: number): this {
    this.client = client;
    this.loopback = false;
    this.remote = this.words.remotes.internHashed(b, s, e, hash);
    this.address = this.addresses ? this.words.addresses.intern(b, from, to) : 0;
    return this;
  }

  read(b: Uint8Array, v: DataView, s: number, e: number): void {
    const open = find(v, s, e, 91);
    this.address = 0;
    this.loopback = false;
    if (open >= e) {
      this.remote = equals(b, s, e, 'none') ? 0 : this.words.remotes.intern(b, s, e);
      return;
    }
    const close = find(v, open + 1, e, 93);
    const start = equals(b, open + 1, open + 6, 'IPv6:') ? open + 6 : open + 1;
    const nameEnd = open > s && b[open - 1] === 46 ? open - 1 : open;
    const named = nameEnd > s && !(b[s] === 117 && equals(b, s, nameEnd, 'unknown'));
    this.remote = named ? this.words.remotes.intern(b, s, nameEnd) : this.words.remotes.intern(b, start, close);
    if (this.addresses) this.address = this.words.addresses.intern(b, start, close);
    if (mayBeLoopback(b, start)) this.loopback = isLoopback(text(b, start, close), named ? text(b, s, nameEnd) : '');
  }
}

/** Only what begins with "127." or a colon can be this host. */
function mayBeLoopback(b: Uint8Array, p: number): boolean {
  return b[p] === 58 || (b[p] === 49 && b[p + 1] === 50 && b[p + 2] === 55 && b[p + 3] === 46);
}

/**
 * The host itself: 127.0.0.1 and ::1 always; the other addresses of 127.0.0.0/8 where they are written in place of a
 * name or called
 * localhost, since a host may give names of their own to them and treat them as others.
 */
function isLoopback(address: string, name: string): boolean {
  const ip = address.replace(/^::ffff:/i, '');
  if (ip === '127.0.0.1' || ip === '::1') return true;
  return ip.startsWith('127.') && (name === address || /^localhost(?:\.|$)/i.test(name));
}

function text(b: Uint8Array, s: number, e: number): string {
  let out = '';
  for (let i = s; i < e && out.length < 512; i++) out += String.fromCharCode(b[i]);
  return out;
}

/** A server to which mail is handed over. */
export interface PostfixRelay {
  /** The same for the same text; 1 stands for all that are too many to keep apart. */
  id: number;
  remote: WordId;
  address: WordId;
  loopback: boolean;
  /** Whether it is written as Postfix writes one: `none`, or `HOST[IP]:PORT`, before 2.3 without the port. */
  whole: boolean;
}

const part = String.raw`(?:\d{1,2}|1\d\d|2[0-4]\d|25[0-5])`;
/** A name may be one of another alphabet (RFC 6531), which is text of bytes beyond ASCII here. */
const wholeRelay = new RegExp(
  String.raw`^(?:none|[\w.\x80-\xff-]+\[(?:${part}(?:\.${part}){3}|(?:IPv6:)?[\da-fA-F]*:[\da-fA-F:.]*)\](?::\d{1,5})?)$`,
);

/** The relays of a log, each read once: there are few, and their names are compared at every delivery. */
export class Relays {
  private readonly recent = new Recent<PostfixRelay>(1024);
  private readonly reader: PeerReader;

  constructor(
    sink: Sink,
    private readonly texts = new Words(limits.remotes),
    private readonly list: (PostfixRelay | undefined)[] = [],
  ) {
    this.reader = new PeerReader(sink);
  }

  /** The relay written in `b[s, e)`. */
  at(b: Uint8Array, v: DataView, s: number, e: number): PostfixRelay {
    let relay = this.recent.get(v, s, e);
    if (relay !== undefined) return relay;
    const id = this.texts.intern(b, s, e);
    relay = this.list[id];
    if (relay === undefined || id === 1) {
      this.reader.read(b, v, s, e);
      const { remote, address, loopback } = this.reader;
      this.list[id] = relay = { id, remote, address, loopback, whole: wholeRelay.test(text(b, s, e)) };
    }
    this.recent.set(v, s, e, relay);
    return relay;
  }

  /** Takes over the relays of `right`; returns for each of its ids the id here. */
  join(right: Relays, ids: IdMap): Int32Array {
    const to = this.texts.merge(right.texts);
    right.list.forEach((relay, id) => {
      if (relay && id > 1)
        this.list[to[id]] ??= {
          id: to[id],
          remote: ids.remotes[relay.remote],
          address: ids.addresses[relay.address],
          loopback: relay.loopback,
          whole: relay.whole,
        };
    });
    return to;
  }

  save() {
    return { texts: this.texts, list: this.list.map((relay) => relay ?? null) };
  }

  static load(sink: Sink, { texts, list }: ReturnType<Relays['save']>): Relays {
    return new Relays(
      sink,
      texts,
      list.map((relay) => relay ?? undefined),
    );
  }
}
