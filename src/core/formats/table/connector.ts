import { DirectionCode, TypeCode } from '../../model';

/** What the cell "Connector direction and name" of a report says; `name` is empty for mail without a connector. */
export interface ConnectorCell {
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
 * Takes apart `From your org - Contoso Corp Connector`, `To partner org - Fabrikam`, `From the internet without a
 * connector`, and their Italian and German twins, as the admin center of Exchange Online writes them. A text of another
 * form is the name itself, of no known direction.
 */
export function connectorCell(text: string): ConnectorCell {
  const trimmed = text.trim();
  const found = divider.exec(trimmed);
  // A connector may have any name, so what stands before the divider decides, and must name a side.
  const type = found ? typeNamed(trimmed.slice(0, found.index)) : typeAlone(trimmed);
  const direction = type === TypeCode.unknown ? undefined : sideOf(trimmed);
  if (direction === undefined) return { direction, name: trimmed, type: TypeCode.unknown };
  return { direction, name: found ? trimmed.slice(found.index + found[0].length).trim() : '', type };
}

/** The type of what has no divider: mail without a connector, or a bare name. */
function typeAlone(text: string): TypeCode {
  return without.test(text) ? TypeCode.internet : TypeCode.unknown;
}

/** The direction that the first word of a cell names. */
function sideOf(text: string): DirectionCode.inbound | DirectionCode.outbound | undefined {
  if (inbound.test(text)) return DirectionCode.inbound;
  return outbound.test(text) ? DirectionCode.outbound : undefined;
}

/** The type that a cell like `Partner`, `OnPremises` or `Your organization's email server` names. */
export function typeNamed(text: string): TypeCode {
  const plain = text.toLowerCase();
  if (plain.includes('partner')) return TypeCode.partner;
  if (/premises|premise|locale|lokal|\borg|organi[sz]|azienda/.test(plain)) return TypeCode.onPremises;
  if (/internet|noconnector|nessun connettore/.test(plain)) return TypeCode.internet;
  return TypeCode.unknown;
}

/** Words for directions: those of Exchange Online, also its numbers, and those of English, Italian and German. */
const words: readonly [DirectionCode, string][] = [
  [DirectionCode.inbound, '1 in inbound incoming received receive from'],
  [DirectionCode.inbound, 'entrata inentrata ricevuto ricevuti eingehend empfangen'],
  [DirectionCode.outbound, '2 out outbound outgoing originating sent send to'],
  [DirectionCode.outbound, 'uscita inuscita inviato inviati ausgehend gesendet'],
  [DirectionCode.internal, 'intraorg internal interno intern'],
];
const directions = new Map(
  words.flatMap(([direction, list]) => list.split(' ').map((word) => [word, direction] as const)),
);

/** The direction that a cell names; undefined where it names none. */
export function directionNamed(text: string): DirectionCode | undefined {
  return directions.get(text.toLowerCase().replace(/[^a-z0-9]/g, ''));
}
