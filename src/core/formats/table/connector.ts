import { DirectionCode, TypeCode } from '../../model';

/** What the cell "Connector direction and name" of a report says; `name` is empty for mail without a connector. */
export interface ConnectorText {
  direction: DirectionCode.inbound | DirectionCode.outbound | undefined;
  name: string;
  type: TypeCode;
}

const without = /\b(?:without (?:a )?connector|senza (?:un )?connettore|ohne (?:einen )?connector)\b/i;
const inbound = /^(?:from|da|dal|dalla|dall['’]|von|vom)(?:\s|(?<=['’]))/i,
  outbound = /^(?:to|a|al|alla|all['’]|verso|an|zu|zum|zur)(?:\s|(?<=['’]))/i;
/** The end of the organisation's part: ` - `, also with a long dash. */
const divider = /\s[-–—]\s/;

/**
 * Takes apart `From your org - Contoso Corp Connector`, `To partner org - Fabrikam`, `From the internet without a connector`, and their Italian and
 * German twins, as the admin center of Exchange Online writes them. A text of another form is the name itself, of no known direction.
 */
export function connectorText(text: string): ConnectorText {
  const trimmed = text.trim();
  const found = divider.exec(trimmed);
  const alone = without.test(trimmed);
  // A connector may have any name, so what stands before the divider decides, and must name a side.
  const type = found ? connectorType(trimmed.slice(0, found.index)) : alone ? TypeCode.internet : TypeCode.unknown;
  const direction =
    type === TypeCode.unknown
      ? undefined
      : inbound.test(trimmed)
        ? DirectionCode.inbound
        : outbound.test(trimmed)
          ? DirectionCode.outbound
          : undefined;
  if (direction === undefined) return { direction, name: trimmed, type: TypeCode.unknown };
  return { direction, name: found ? trimmed.slice(found.index + found[0].length).trim() : '', type };
}

/** The type that a cell like `Partner`, `OnPremises` or `Your organization's email server` names. */
export function connectorType(text: string): TypeCode {
  const plain = text.toLowerCase();
  if (plain.includes('partner')) return TypeCode.partner;
  if (/premises|premise|locale|lokal|\borg|organi[sz]|azienda/.test(plain)) return TypeCode.onPremises;
  if (/internet|noconnector|nessun connettore/.test(plain)) return TypeCode.internet;
  return TypeCode.unknown;
}

/** The direction that a cell names, in the words of Exchange Online (also its numbers), English, Italian or German; undefined for others. */
export function directionOf(text: string): DirectionCode | undefined {
  const plain = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  switch (plain) {
    case '1':
    case 'in':
    case 'inbound':
    case 'incoming':
    case 'received':
    case 'receive':
    case 'from':
    case 'entrata':
    case 'inentrata':
    case 'ricevuto':
    case 'ricevuti':
    case 'eingehend':
    case 'empfangen':
      return DirectionCode.inbound;
    case '2':
    case 'out':
    case 'outbound':
    case 'outgoing':
    case 'originating':
    case 'sent':
    case 'send':
    case 'to':
    case 'uscita':
    case 'inuscita':
    case 'inviato':
    case 'inviati':
    case 'ausgehend':
    case 'gesendet':
      return DirectionCode.outbound;
    case 'intraorg':
    case 'internal':
    case 'interno':
    case 'intern':
      return DirectionCode.internal;
    default:
      return undefined;
  }
}
