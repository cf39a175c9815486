import { Byte } from '../../text/ascii';
import { ForcedCode, TlsCode, TypeCode, type WordId } from '../../model';
import { beginsWith, isText } from '../../text/bytes';
import { CsvFields, separatorAt } from '../../text/csv';
import type { TableRow } from '../shared/row';
import { TlsSpellings } from '../../text/tls';
import type { Words } from '../../text/words';

/** The letters with which the keys begin that are read here; Exchange has many others. */
const firstLetters = Uint8Array.from({ length: 256 }, (_, c) =>
  'tpifmre'.includes(String.fromCharCode(c).toLowerCase()) ? 1 : 0,
);

/** A stretch of the text that was read last; empty where the key was not there. */
export interface Stretch {
  start: number;
  end: number;
}

/**
 * The custom-data column of message tracking: pairs `S:Key=Value` with semicolons between them, where a value may have semicolons too.
 *
 * On premises it has no TLS version. `EffectiveTlsAuthLevel` stands there only when TLS was used; `RequiredTlsAuthLevel` says what the connector
 * or the domain demands. Exchange Online writes `S:tlsversion=SP_PROT_TLS1_2_SERVER;S:tlscipher=CALG_AES_256`, and the tenant's connector as
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
  readonly clientIp: Stretch = { start: 0, end: 0 };
  readonly clientHost: Stretch = { start: 0, end: 0 };
  /** The first server of the organisation that had the message. */
  readonly firstHop: Stretch = { start: 0, end: 0 };
  /** The message came in through a front end. */
  proxied = false;
  /** The bytes of the stretches. */
  text: Uint8Array = new Uint8Array(0);
  private viewed: Uint8Array = this.text;
  private view: DataView = new DataView(new ArrayBuffer(0));
  private readonly spellings = new TlsSpellings();
  private readonly fields = new CsvFields();

  constructor(
    private readonly connectors: Words,
    private readonly ciphers: Words,
  ) {}

  /** Takes a cell apart; nothing is said where there is none. What was read stays valid while other cells are looked at. */
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
    this.proxied = false;
    this.clientIp.start =
      this.clientIp.end =
      this.clientHost.start =
      this.clientHost.end =
      this.firstHop.start =
      this.firstHop.end =
        0;
    if (bytes !== this.viewed) {
      this.viewed = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    for (let at = start; at < end;) {
      let stop = separatorAt(this.view, at, end, Byte.semicolon);
      // A semicolon without a new pair behind it belongs to the value.
      while (stop < end && (bytes[stop + 1] !== 83 || bytes[stop + 2] !== Byte.colon))
        stop = separatorAt(this.view, stop + 1, end, Byte.semicolon);
      if (bytes[at] === 83 && bytes[at + 1] === Byte.colon && firstLetters[bytes[at + 2]] === 1)
        this.pair(bytes, at + 2, stop);
      at = stop + 1;
    }
  }

  private pair(bytes: Uint8Array, start: number, end: number): void {
    let eq = start;
    while (eq < end && bytes[eq] !== Byte.equals) eq++;
    const value = eq + 1;
    while (end > value && bytes[end - 1] === Byte.semicolon) end--;
    if (value >= end) return;
    switch (eq - start) {
      case 9:
        if (isText(bytes, start, eq, 'tlscipher')) this.cipher = this.ciphers.intern(bytes, value, end);
        else if (isText(bytes, start, eq, 'proxyhop1')) this.proxied = true;
        break;
      case 10:
        if (isText(bytes, start, eq, 'tlsversion'))
          this.tls = this.spellings.read(bytes, value, end) ?? TlsCode.unknown;
        break;
      case 14:
        if (isText(bytes, start, eq, 'firstforesthop')) set(this.firstHop, value, end);
        break;
      case 20:
        if (isText(bytes, start, eq, 'inboundconnectordata')) this.inbound = this.connector(bytes, value, end);
        break;
      case 21:
        if (isText(bytes, start, eq, 'proxiedclienthostname')) set(this.clientHost, value, end);
        break;
      case 22:
        if (isText(bytes, start, eq, 'proxiedclientipaddress')) {
          set(this.clientIp, value, end);
          this.proxied = true;
        }
        break;
      default:
        break;
    }
    // These keys have a prefix that names the part of Exchange.
    if (eq - start < 20) return;
    const last = bytes[eq - 1];
    if (last === 108 && beginsWith(bytes, eq - 12, eq, 'tlsauthlevel')) this.level(bytes, start, eq, value, end);
    else if (last === 97 && beginsWith(bytes, eq - 33, eq, 'tenantoutboundconnectorcustomdata'))
      this.outbound = this.connector(bytes, value, end);
  }

  private level(bytes: Uint8Array, start: number, eq: number, value: number, end: number): void {
    if (eq - start >= 21 && beginsWith(bytes, eq - 21, eq, 'effective')) {
      if (this.tls === TlsCode.absent) this.tls = TlsCode.tls;
    } else if (beginsWith(bytes, eq - 20, eq, 'required')) {
      this.forced = isText(bytes, value, end, 'opportunistic') ? ForcedCode.no : ForcedCode.yes;
    }
  }

  /** Reads `Name=…;ConnectorType=…`. The name goes on until the type: it may have semicolons itself. */
  private connector(bytes: Uint8Array, start: number, end: number): WordId {
    if (!beginsWith(bytes, start, end, 'name=')) return 0;
    const from = start + 5;
    let to = from;
    while (to < end && !(bytes[to] === Byte.semicolon && beginsWith(bytes, to + 1, end, 'connectortype='))) to++;
    const type = to + 15;
    this.type = beginsWith(bytes, type, end, 'onpremises')
      ? TypeCode.onPremises
      : beginsWith(bytes, type, end, 'partner')
        ? TypeCode.partner
        : TypeCode.unknown;
    // Without a type other keys may follow the name.
    if (to === end) {
      to = from;
      while (to < end && bytes[to] !== Byte.semicolon) to++;
    }
    return this.connectors.intern(bytes, from, to);
  }
}

function set(stretch: Stretch, start: number, end: number): void {
  stretch.start = start;
  stretch.end = end;
}
