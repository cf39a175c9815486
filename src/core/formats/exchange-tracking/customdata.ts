import { Byte } from '../../text/ascii';
import { ForcedCode, TlsCode, TypeCode, type WordId } from '../../model';
import { beginsWith, isNearText, isText } from '../../text/bytes';
import { isDigit } from '../../text/digits';
import { CsvFields } from '../../text/csv';
import type { TableRow } from '../shared/row';
import { TlsSpellings } from '../../text/tls';
import type { Words } from '../../text/words';

/** The keys that are read here. */
const enum DataKey {
  other,
  cipher,
  version,
  firstHop,
  firstServer,
  inboundConnector,
  outboundConnector,
  clientHost,
  clientIp,
  effectiveLevel,
  requiredLevel,
}

/** Keys that stand alone, in lower case. */
const plainKeys: readonly { name: string; key: DataKey }[] = [
  { name: 'tlscipher', key: DataKey.cipher },
  { name: 'tlsversion', key: DataKey.version },
  { name: 'proxyhop1', key: DataKey.firstHop },
  { name: 'firstforesthop', key: DataKey.firstServer },
  { name: 'inboundconnectordata', key: DataKey.inboundConnector },
  { name: 'proxiedclienthostname', key: DataKey.clientHost },
  { name: 'proxiedclientipaddress', key: DataKey.clientIp },
];
/** The same by their length. */
const keysByLength = Array.from({ length: 32 }, (_, length) => plainKeys.filter(({ name }) => name.length === length));
/** Keys behind a prefix that names a part of Exchange, in lower case. */
const prefixedKeys: readonly { name: string; key: DataKey }[] = [
  { name: 'tenantoutboundconnectorcustomdata', key: DataKey.outboundConnector },
  { name: 'effectivetlsauthlevel', key: DataKey.effectiveLevel },
  { name: 'requiredtlsauthlevel', key: DataKey.requiredLevel },
];
/** They are not shorter. */
const shortestPrefixed = 20;

/** The letters with which these keys and prefixes begin; Exchange has many others. */
const firstLetters = Uint8Array.from({ length: 256 }, (_, c) =>
  'tpifmre'.includes(String.fromCharCode(c).toLowerCase()) ? 1 : 0,
);
const letterS = 83;
/** How many keys are remembered by their place, and of how many bytes. */
const mostUsual = 32,
  longestUsual = 64;

/** Where a value stands in the text that was read last; empty where the key was not there. */
export interface Span {
  start: number;
  end: number;
}

/**
 * The custom-data column of message tracking: pairs `S:Key=Value` with semicolons between them, where a value may
 * have semicolons too.
 *
 * On premises it has no TLS version. `EffectiveTlsAuthLevel` stands there only when TLS was used;
 * `RequiredTlsAuthLevel` says what the connector or the domain demands. Exchange Online writes
 * `S:tlsversion=SP_PROT_TLS1_2_SERVER;S:tlscipher=CALG_AES_256`, and the tenant's connector as
 * `S:InboundConnectorData=Name=…;ConnectorType=OnPremises;TenantId=…` or
 * `S:Microsoft.Exchange.Hygiene.TenantOutboundConnectorCustomData=Name=…;ConnectorType=Partner;…`.
 */
export class CustomData {
  /** `absent` where nothing is said of TLS. */
  tls = TlsCode.absent;
  cipher: WordId = 0;
  /** Whether TLS is demanded; `no` for opportunistic TLS. */
  forced = ForcedCode.unknown;
  /** The tenant's connector; 0 without one. */
  inbound: WordId = 0;
  outbound: WordId = 0;
  type = TypeCode.unknown;
  /** The client that a front end handed on, empty where none did. */
  readonly clientIp: Span = { start: 0, end: 0 };
  readonly clientHost: Span = { start: 0, end: 0 };
  /** The first server of the organisation that had the message. */
  readonly firstServer: Span = { start: 0, end: 0 };
  /**
   * A key that is read here is damaged, or what stands around it, so that the text may say something else than it
   * seems to.
   */
  damaged = false;
  private readonly spans = [this.clientIp, this.clientHost, this.firstServer];
  /** The message came in through a front end. */
  proxied = false;
  /** The bytes of the spans. */
  text: Uint8Array = new Uint8Array(0);
  private viewed: Uint8Array = this.text;
  private view: DataView = new DataView(new ArrayBuffer(0));
  private readonly spellings = new TlsSpellings();
  private readonly fields = new CsvFields();
  private readonly usual = new UsualKeys();

  constructor(
    private readonly connectors: Words,
    private readonly ciphers: Words,
  ) {}

  /** Takes a cell apart; a missing one says nothing. What was read stays valid while other cells are looked at. */
  cell({ bytes, fields }: TableRow, column: number): void {
    if (column < 0 || column >= fields.count) {
      this.read(bytes, 0, 0);
      return;
    }
    this.fields.content(bytes, fields.starts[column], fields.ends[column]);
    this.read(this.fields.bytes, this.fields.start, this.fields.end);
  }

  /** Takes the text in `bytes[start, end)` apart. */
  read(bytes: Uint8Array, start: number, end: number): void {
    this.text = bytes;
    this.tls = TlsCode.absent;
    this.cipher = this.inbound = this.outbound = 0;
    this.forced = ForcedCode.unknown;
    this.type = TypeCode.unknown;
    this.proxied = this.damaged = false;
    for (const span of this.spans) span.start = span.end = 0;
    if (bytes !== this.viewed) {
      this.viewed = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    let pairs = 0;
    for (let at = start; at < end;) {
      const begins = beginsPair(bytes, at),
        stop = this.pairEnd(begins ? at + 2 : at, end);
      if (begins) this.pair(pairs++, bytes, at + 2, stop);
      else this.damaged ||= lacksColon(bytes, at, end);
      at = stop + 1;
    }
  }

  /** Where the pair ends whose key begins at `at`: a semicolon without a new pair behind it belongs to the value. */
  private pairEnd(at: number, end: number): number {
    const { text, view } = this;
    let stop = signAt(view, at, end);
    for (; stop < end; stop = signAt(view, stop + 1, end)) {
      // A key behind a colon where no pair begins: what separates the pairs is damaged.
      if (text[stop] === Byte.colon) this.damaged ||= isKeyAt(text, stop + 1, end);
      else if (beginsPair(text, stop + 1)) return stop;
      else this.damaged ||= lacksColon(text, stop + 1, end);
    }
    return end;
  }

  /** @param at which pair of the text it is. */
  private pair(at: number, bytes: Uint8Array, start: number, stop: number): void {
    const { usual } = this;
    if (usual.isAt(at, this.view, start, stop)) {
      const key = usual.keys[at];
      if (key !== DataKey.other) this.value(key, bytes, start + usual.lengths[at], stop);
      return;
    }
    let eq = start;
    while (eq < stop && bytes[eq] !== Byte.equals) eq++;
    const key = firstLetters[bytes[start]] === 1 ? keyAt(bytes, start, eq) : DataKey.other;
    if (key !== DataKey.other) this.value(key, bytes, eq, stop);
    else if (isDamagedKey(bytes, start, eq)) {
      this.damaged = true;
      return;
    }
    usual.set(at, bytes, start, eq, key);
  }

  /** Takes what stands behind the sign at `eq`. */
  private value(key: DataKey, bytes: Uint8Array, eq: number, stop: number): void {
    let end = stop;
    while (end > eq + 1 && bytes[end - 1] === Byte.semicolon) end--;
    if (eq + 1 < end) this.take(key, bytes, eq + 1, end);
    else this.damaged ||= eq === stop;
  }

  private take(key: DataKey, bytes: Uint8Array, value: number, end: number): void {
    switch (key) {
      case DataKey.cipher:
        this.cipher = this.ciphers.intern(bytes, value, end);
        return;
      case DataKey.version:
        this.tls = this.spellings.read(bytes, value, end) ?? TlsCode.unknown;
        return;
      case DataKey.firstHop:
        this.proxied = true;
        return;
      case DataKey.firstServer:
        set(this.firstServer, value, end);
        return;
      case DataKey.inboundConnector:
        this.inbound = this.connector(bytes, value, end);
        return;
      case DataKey.outboundConnector:
        this.outbound = this.connector(bytes, value, end);
        return;
      case DataKey.clientHost:
        set(this.clientHost, value, end);
        return;
      case DataKey.clientIp:
        set(this.clientIp, value, end);
        this.proxied = true;
        return;
      case DataKey.effectiveLevel:
        if (this.tls === TlsCode.absent) this.tls = TlsCode.tls;
        return;
      case DataKey.requiredLevel:
        this.forced = isText(bytes, value, end, 'opportunistic') ? ForcedCode.no : ForcedCode.yes;
        return;
      case DataKey.other:
        return;
    }
  }

  /** Reads `Name=…;ConnectorType=…`. The name goes on until the type: it may have semicolons itself. */
  private connector(bytes: Uint8Array, start: number, end: number): WordId {
    if (!beginsWith(bytes, start, end, 'name=')) {
      this.damaged = true;
      return 0;
    }
    const from = start + 'name='.length;
    let to = from;
    while (to < end && !(bytes[to] === Byte.semicolon && beginsWith(bytes, to + 1, end, 'connectortype='))) to++;
    this.type = typeAt(bytes, to + ';connectortype='.length, end);
    // Without a type other keys may follow the name.
    if (to === end) {
      to = from;
      while (to < end && bytes[to] !== Byte.semicolon) to++;
    }
    return this.connectors.intern(bytes, from, to);
  }
}

/**
 * The keys that were read last, by their place among the pairs: rows of a log mostly have the same ones in the same
 * order, and bytes that are equal need not be understood anew.
 */
class UsualKeys {
  readonly keys: DataKey[] = new Array<DataKey>(mostUsual).fill(DataKey.other);
  /** 0 where none is known. */
  readonly lengths = new Uint8Array(mostUsual);
  private readonly bytes = new Uint8Array(mostUsual * longestUsual);
  private readonly view = new DataView(this.bytes.buffer);

  /** Whether the key of this place stands at `start`, with its sign behind it. */
  isAt(place: number, view: DataView, start: number, stop: number): boolean {
    if (place >= mostUsual) return false;
    const length = this.lengths[place],
      own = place * longestUsual;
    if (length === 0 || start + length >= stop || view.getUint8(start + length) !== Byte.equals) return false;
    let i = 0;
    for (; i + 4 <= length; i += 4)
      if (view.getInt32(start + i, true) !== this.view.getInt32(own + i, true)) return false;
    for (; i < length; i++) if (view.getUint8(start + i) !== this.bytes[own + i]) return false;
    return true;
  }

  set(place: number, bytes: Uint8Array, start: number, end: number, key: DataKey): void {
    const length = end - start;
    if (place >= mostUsual || length > longestUsual) return;
    this.keys[place] = key;
    this.lengths[place] = length;
    for (let i = 0; i < length; i++) this.bytes[place * longestUsual + i] = bytes[start + i];
  }
}

/** Where the next colon or semicolon is in `view[start, end)`, or `end`: the two differ in their lowest bit alone. */
function signAt(view: DataView, start: number, end: number): number {
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const word = (view.getInt32(i, true) & 0xfefefefe) ^ 0x3a3a3a3a,
      zeros = (word - 0x01010101) & ~word & 0x80808080;
    if (zeros !== 0) return i + ((31 - Math.clz32(zeros & -zeros)) >> 3);
  }
  while (i < end && (view.getUint8(i) | 1) !== Byte.semicolon) i++;
  return i;
}

/** Whether `S:` stands here, with which each pair begins. */
function beginsPair(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === letterS && bytes[at + 1] === Byte.colon;
}

/** The key in `bytes[start, end)`. */
function keyAt(bytes: Uint8Array, start: number, end: number): DataKey {
  const length = end - start;
  if (length < keysByLength.length)
    for (const { name, key } of keysByLength[length]) if (isText(bytes, start, end, name)) return key;
  return length < shortestPrefixed ? DataKey.other : prefixedKeyAt(bytes, start, end);
}

/** A key whose prefix names a part of Exchange. */
function prefixedKeyAt(bytes: Uint8Array, start: number, end: number): DataKey {
  for (const { name, key } of prefixedKeys) if (endsWith(bytes, start, end, name)) return key;
  return DataKey.other;
}

/** Whether `bytes[start, end)` ends with this text of lower case, compared without case (ASCII). */
function endsWith(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  return (
    (bytes[end - 1] | 32) === text.charCodeAt(text.length - 1) &&
    end - text.length >= start &&
    beginsWith(bytes, end - text.length, end, text)
  );
}

/** Whether this key is none that is read here, but one letter away from one, or has lost the sign behind it. */
function isDamagedKey(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  // Damage in one place leaves the first two letters as they are, or the last two.
  if (length < 2 || (beginnings[twoAt(bytes, start)] === 0 && endings[twoAt(bytes, end - 2)] === 0)) return false;
  for (const { name } of plainKeys) {
    if (length > name.length + 1) {
      if (beginsWith(bytes, start, end, name) && !isLetterOrDigit(bytes[start + name.length])) return true;
    } else if (isNearText(bytes, start, end, name) && !isProxyHop(bytes, start, end)) return true;
  }
  if (length < shortestPrefixed - 1) return false;
  let dot = end - 1;
  while (dot > start && bytes[dot] !== Byte.dot) dot--;
  return (
    (beginnings[twoAt(bytes, dot + 1)] === 1 || endings[twoAt(bytes, end - 2)] === 1) &&
    prefixedKeys.some(({ name }) => isNearText(bytes, dot + 1, end, name))
  );
}

/** Two letters without case as one number. */
function twoAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] | 32) << 8) | bytes[at + 1] | 32;
}

/** The first and the last two letters of the keys that are read here. */
const beginnings = new Uint8Array(65_536),
  endings = new Uint8Array(65_536);
for (const { name } of [...plainKeys, ...prefixedKeys]) {
  const letters = new TextEncoder().encode(name);
  beginnings[twoAt(letters, 0)] = 1;
  endings[twoAt(letters, letters.length - 2)] = 1;
}

/** `ProxyHop2` and so on, for the front ends behind the first one. */
function isProxyHop(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 9 && beginsWith(bytes, start, end, 'proxyhop') && isDigit(bytes[end - 1]);
}

/** Whether a pair with a key that is read here begins with `S` and no colon. */
function lacksColon(bytes: Uint8Array, at: number, end: number): boolean {
  return bytes[at] === letterS && (isKeyAt(bytes, at + 1, end) || isKeyAt(bytes, at + 2, end));
}

/** Whether a key that is read here stands at `start`, with its sign behind it. */
function isKeyAt(bytes: Uint8Array, start: number, end: number): boolean {
  if (firstLetters[bytes[start]] !== 1) return false;
  let eq = start;
  while (eq < end && (isLetterOrDigit(bytes[eq]) || bytes[eq] === Byte.dot)) eq++;
  return bytes[eq] === Byte.equals && keyAt(bytes, start, eq) !== DataKey.other;
}

function isLetterOrDigit(c: number): boolean {
  return isDigit(c) || ((c | 32) >= 97 && (c | 32) <= 122);
}

function typeAt(bytes: Uint8Array, at: number, end: number): TypeCode {
  if (beginsWith(bytes, at, end, 'onpremises')) return TypeCode.onPremises;
  return beginsWith(bytes, at, end, 'partner') ? TypeCode.partner : TypeCode.unknown;
}

function set(span: Span, start: number, end: number): void {
  span.start = start;
  span.end = end;
}
