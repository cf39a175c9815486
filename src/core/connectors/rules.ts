import type { CubeBuilder } from '../cube/cubebuilder';
import { KeyTable } from '../cube/keytable';
import {
  DirectionCode,
  ForcedCode,
  FaultCode,
  OutcomeCode,
  TlsCode,
  TypeCode,
  connectorTypes,
  directions,
  type ConnectorType,
  type Direction,
  type MailEvent,
  type TlsVersion,
} from '../model';
import { Network, WordAddresses, type Address } from '../text/address';

/** A connector of the user's own, from the setting `mailFlow.connectors`. All conditions that it states must hold. */
export interface ConnectorRule {
  name: string;
  direction?: Exclude<Direction, 'internal'>;
  type?: ConnectorType;
  /** Host names of the other end; `*` stands for any characters. */
  hosts?: string[];
  /** Addresses and networks of the other end (CIDR), IPv4 and IPv6. */
  addresses?: string[];
  /** Names of connectors as the log writes them; `*` stands for any characters. */
  names?: string[];
  /** The oldest TLS version this connector may use; `tls` for any. */
  requireTls?: Extract<TlsVersion, 'tls' | 'tls1.0' | 'tls1.1' | 'tls1.2' | 'tls1.3'>;
}

export const floors: Record<string, TlsCode> = {
  tls: TlsCode.ssl30,
  'tls1.0': TlsCode.tls10,
  'tls1.1': TlsCode.tls11,
  'tls1.2': TlsCode.tls12,
  'tls1.3': TlsCode.tls13,
};

/** Gives events the first of the user's connectors that matches, remembering the answer for each pair of ends. */
export class RuleMatcher {
  private readonly rules: CompiledRule[];
  private readonly known = new KeyTable();
  private readonly answers: (CompiledRule | undefined)[] = [];
  private readonly addresses: WordAddresses;
  private readonly remotes: WordAddresses;

  constructor(
    rules: readonly ConnectorRule[],
    private readonly words: CubeBuilder,
  ) {
    this.rules = rules.map((rule) => compile(rule, words));
    this.addresses = new WordAddresses(words.addresses);
    this.remotes = new WordAddresses(words.remotes);
  }

  /** Changes the connector, type and demand for TLS of an event in place. Internal hops keep theirs. */
  apply(event: MailEvent): void {
    if (event.direction === DirectionCode.internal) return;
    const before = this.known.length;
    const row = this.known.row(event.direction | (event.connector << 2), event.remote, event.address);
    if (row === before) {
      const remote = this.words.remotes.text(event.remote),
        address = event.address > 0 ? this.addresses.of(event.address) : this.remotes.of(event.remote),
        name = this.words.connectors.text(event.connector);
      this.answers[row] = this.rules.find((rule) => rule.matches(event.direction, remote, address, name));
    }
    const rule = this.answers[row];
    if (!rule) return;
    event.connector = rule.connector;
    if (rule.type !== TypeCode.unknown) event.type = rule.type;
    if (rule.floor === undefined) return;
    event.forced = ForcedCode.yes;
    if (event.outcome === OutcomeCode.accepted && event.tls < rule.floor) event.fault = FaultCode.requiredTlsNotMet;
  }
}

interface CompiledRule {
  connector: number;
  type: TypeCode;
  floor: TlsCode | undefined;
  matches(direction: DirectionCode, remote: string, address: Address | undefined, name: string): boolean;
}

function compile(rule: ConnectorRule, words: CubeBuilder): CompiledRule {
  const hosts = rule.hosts?.map(wildcard),
    names = rule.names?.map(wildcard),
    networks = rule.addresses?.map((text) => Network.of(text));
  return {
    connector: words.connectors.internText(rule.name),
    type: Math.max(0, connectorTypes.indexOf(rule.type ?? 'unknown')) as TypeCode,
    floor: rule.requireTls === undefined ? undefined : floors[rule.requireTls],
    matches: (direction, remote, address, name) =>
      (rule.direction === undefined || directions[direction] === rule.direction) &&
      (!hosts || hosts.some((fits) => fits(remote))) &&
      (!networks || (address !== undefined && networks.some((network) => network?.has(address)))) &&
      (!names || names.some((fits) => fits(name))),
  };
}

/**
 * Whether a name fits a pattern with `*`, without regard to case. Greedy with one step back, so that hostile names cost
 * no more than length × stars.
 */
export function wildcard(pattern: string): (name: string) => boolean {
  const parts = pattern.toLowerCase().split('*');
  return (name) => {
    const text = name.toLowerCase(),
      last = parts.length - 1;
    if (last === 0) return text === parts[0];
    if (!text.startsWith(parts[0]) || text.length < parts[0].length + parts[last].length || !text.endsWith(parts[last]))
      return false;
    let at = parts[0].length;
    const end = text.length - parts[last].length;
    for (let i = 1; i < last; i++) {
      const found = text.indexOf(parts[i], at);
      if (found < 0 || found + parts[i].length > end) return false;
      at = found + parts[i].length;
    }
    return at <= end;
  };
}
