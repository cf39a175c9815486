import assert from 'node:assert/strict';
import { CubeBuilder } from '../../../src/core/cube/cubebuilder';
import { now } from '../../../src/core/cube/evidencekey';
import { DirectionCode, FaultCode, TlsCode, type MailEvent } from '../../../src/core/model';
import { checkRules } from '../../../src/core/connectors/rulechecks';
import { RuleMatcher, type ConnectorRule } from '../../../src/core/connectors/rules';

/** An outbound message to a host. */
function mailTo(words: CubeBuilder, host: string, change: Partial<MailEvent> = {}): MailEvent {
  return {
    unit: 0,
    direction: DirectionCode.outbound,
    outcome: 0,
    tls: TlsCode.tls12,
    fault: 0,
    forced: 0,
    type: 0,
    connector: 0,
    cipher: 0,
    server: 0,
    remote: words.remotes.internText(host),
    address: 0,
    evidence: 0,
    time: 0,
    count: 1,
    recipients: 1,
    bytes: 0,
    line: 1,
    tlsAt: 0,
    ...change,
  };
}

/** The connector, type and fault an outbound message to this host gets. */
function applied(rules: ConnectorRule[], host: string, address = '', name = '', change: Partial<MailEvent> = {}) {
  const words = new CubeBuilder();
  const event = mailTo(words, host, {
    connector: words.connectors.internText(name),
    address: words.addresses.internText(address),
    ...change,
  });
  new RuleMatcher(rules, words).apply(event);
  return { name: words.connectors.text(event.connector), type: event.type, forced: event.forced, fault: event.fault };
}

describe('connectors of the user’s own', () => {
  it('match hosts with wildcards, without regard to case, and only whole names', () => {
    const rules: ConnectorRule[] = [{ name: 'Contoso', hosts: ['*.contoso.com', 'mx.example'] }];
    for (const [host, expected] of [
      ['a.contoso.com', 'Contoso'],
      ['A.B.CONTOSO.com', 'Contoso'],
      ['contoso.com', ''],
      ['a.contoso.com.evil.example', ''],
      ['mx.example', 'Contoso'],
      ['mxxexample', ''],
    ])
      assert.equal(applied(rules, host).name, expected, host);
  });
  it('read stars as any characters, wherever and however many', () => {
    for (const [pattern, host, expected] of [
      ['*', '', true],
      ['a*b*c', 'axxbyyc', true],
      ['a*b*c', 'acb', false],
      ['a*a', 'a', false],
      ['**.example', 'mx.example', true],
      ['*mx*', 'b.mx.example', true],
      ['a.c', 'abc', false],
      ['(x)+', '(x)+', true],
    ] as const) {
      assert.equal(applied([{ name: 'R', hosts: [pattern] }], host).name === 'R', expected, `${pattern} ${host}`);
    }
  });
  it('match addresses and networks of both families', () => {
    const rules: ConnectorRule[] = [
      { name: 'v4', addresses: ['192.0.2.0/24'] },
      { name: 'v6', addresses: ['2001:db8::/32'] },
      { name: 'one', addresses: ['198.51.100.7'] },
    ];
    for (const [address, expected] of [
      ['192.0.2.200', 'v4'],
      ['192.0.3.1', ''],
      ['2001:db8:1::5', 'v6'],
      ['2001:db9::1', ''],
      ['198.51.100.7', 'one'],
      ['198.51.100.8', ''],
      ['::ffff:192.0.2.9', 'v4'],
      ['no address', ''],
    ])
      assert.equal(applied(rules, 'mx.example', address).name, expected, address);
  });
  it('match the name in the log, and take the first rule that holds', () => {
    assert.equal(
      applied(
        [
          { name: 'A', names: ['partner-*'] },
          { name: 'B', hosts: ['*'] },
        ],
        'h',
        '',
        'partner-out',
      ).name,
      'A',
    );
    assert.equal(
      applied(
        [
          { name: 'A', names: ['partner-*'] },
          { name: 'B', hosts: ['*'] },
        ],
        'h',
        '',
        'other',
      ).name,
      'B',
    );
    assert.equal(
      applied([{ name: 'A', names: ['x'], hosts: ['*'] }], 'h', '', 'other').name,
      'other',
      'all conditions must hold',
    );
    assert.equal(applied([{ name: 'A', direction: 'inbound' }], 'h').name, '');
  });
  it('say when TLS that they require was not there, or too old', () => {
    const rules: ConnectorRule[] = [{ name: 'P', type: 'partner', hosts: ['*'], requireTls: 'tls1.2' }];
    for (const [tls, fault] of [
      [TlsCode.none, 1],
      [TlsCode.tls11, 1],
      [TlsCode.tls12, 0],
      [TlsCode.tls13, 0],
      [TlsCode.tls, 0],
      [TlsCode.unknown, 0],
    ])
      assert.equal(
        applied(rules, 'h', '', '', { tls }).fault === FaultCode.requiredTlsNotMet,
        fault === 1,
        String(tls),
      );
  });
  it('blame mail without a sign of TLS only where the log would have shown one', () => {
    for (const [shown, tls, faulty] of [
      [true, TlsCode.none, true],
      [false, TlsCode.unknown, false],
    ] as const) {
      const words = new CubeBuilder();
      const log = words.evidence;
      const key = log.key('a log', log.source('a host', 0), true);
      const place = log.placeOfFile(0, 'a.log');
      if (shown) log.showsTls(key, place + 1, 0, now);
      const event = mailTo(words, 'h', { tls: TlsCode.absent, evidence: log.absent(key, place + 2, 0, now) });
      new RuleMatcher([{ name: 'R', requireTls: 'tls' }], words).apply(event);
      words.add(event, 0);
      const { series } = words.build();
      assert.deepEqual([series.tls[0], series.fault[0] === FaultCode.requiredTlsNotMet], [tls, faulty]);
    }
  });
  it('leave internal hops alone', () =>
    assert.equal(applied([{ name: 'A' }], 'h', '', 'x', { direction: DirectionCode.internal }).name, 'x'));
  it('that are wrong are named and left out', () => {
    const { rules, errors } = checkRules([
      { name: 'fine', hosts: ['*.example'] },
      {},
      { name: 'x', direction: 'sideways' },
      { name: 'x', addresses: ['300.1.2.3'] },
      { name: 'x', requireTls: 'ssl' },
      { name: 'x', requireTls: 'toString' },
      { name: 'x', requireTls: ['tls1.2'] },
      null,
      { name: 'x', hosts: 'a' },
    ]);
    assert.deepEqual(
      rules.map((rule) => rule.name),
      ['fine'],
    );
    assert.equal(errors.length, 8);
    assert.deepEqual(checkRules('nonsense').rules, []);
  });
});

describe('connectors that overlap', () => {
  const notes = (...rules: ConnectorRule[]) => checkRules(rules).notes.map(({ at }) => at);
  it('are named where an earlier one leaves nothing to a later one', () => {
    assert.deepEqual(notes({ name: 'all' }, { name: 'never', hosts: ['mx.example'] }), [[1]]);
    assert.deepEqual(
      notes(
        { name: 'wide', hosts: ['*.example'] },
        { name: 'narrow', hosts: ['MX.example', '*.b.example'], direction: 'inbound' },
      ),
      [[1]],
    );
    assert.deepEqual(
      notes({ name: 'net', addresses: ['192.0.2.0/24'] }, { name: 'host', addresses: ['192.0.2.7', '192.0.2.128/25'] }),
      [[1]],
    );
    assert.match(
      checkRules([{ name: 'a' }, { name: 'b' }]).notes[0].message,
      /^Connector 2 \(b\) gets no mail: connector 1 \(a\)/,
    );
  });
  it('are left alone where each may get mail', () => {
    assert.deepEqual(
      notes({ name: 'narrow', hosts: ['mx.example'] }, { name: 'wide', hosts: ['*.example'] }, { name: 'rest' }),
      [],
    );
    assert.deepEqual(notes({ name: 'in', direction: 'inbound' }, { name: 'both' }), []);
    assert.deepEqual(
      notes(
        { name: 'net', addresses: ['192.0.2.0/25'] },
        { name: 'wider', addresses: ['192.0.2.0/24'] },
        { name: 'six', addresses: ['2001:db8::/32'] },
      ),
      [],
    );
    assert.deepEqual(
      notes({ name: 'both', hosts: ['*.example'], names: ['x'] }, { name: 'one', hosts: ['*.example'] }),
      [],
    );
  });
  it('are named where a list of conditions is empty', () => {
    assert.deepEqual(notes({ name: 'none', hosts: [] }, { name: 'next' }), [[0, 'hosts']]);
  });
});
