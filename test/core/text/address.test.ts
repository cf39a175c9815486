import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addressOf, Addresses, Network } from '../../../src/core/text/address';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('addresses', () => {
  for (const [spellings, text, kind] of [
    [
      [
        '::1',
        '[::1]',
        '[::1]:25',
        'IPv6:::1',
        '[IPv6:::1]',
        '0:0:0:0:0:0:0:1',
        'IPv6:0:0:0:0:0:0:0:1',
        '[IPv6:0:0:0:0:0:0:0:1]',
        '[ipv6:0:0:0:0:0:0:0:1]:4000',
        '0000:0000:0000:0000:0000:0000:0000:0001',
        '0::1',
        '::1%lo',
        '[::1%1]',
      ],
      '::1',
      'loopback private special',
    ],
    [
      [
        '127.0.0.1',
        '[127.0.0.1]',
        '127.0.0.1:10024',
        '[127.0.0.1]:10024',
        '::ffff:127.0.0.1',
        '::FFFF:7F00:1',
        '[::ffff:127.0.0.1]:25',
        'IPv6:::ffff:127.0.0.1',
        '0:0:0:0:0:ffff:127.0.0.1',
      ],
      '127.0.0.1',
      'loopback private special',
    ],
    [['127.8.9.10', '::ffff:127.8.9.10'], '127.8.9.10', 'loopback private special'],
    [['10.0.0.5', '[10.0.0.5]:25', '::ffff:10.0.0.5'], '10.0.0.5', 'private special'],
    [['100.64.0.1'], '100.64.0.1', 'private special'],
    [['fd00::1', 'FD00:0:0:0:0:0:0:1'], 'fd00::1', 'private special'],
    [['fe80::1%eth0', '[fe80::1%eth0]:25'], 'fe80::1', 'private special'],
    [['192.0.2.1', '192.0.2.1:25', '::ffff:192.0.2.1'], '192.0.2.1', 'special'],
    [['2001:db8::1', '[2001:DB8::1]:25', 'IPv6:2001:db8:0:0:0:0:0:1'], '2001:db8::1', 'special'],
    [['8.8.8.8', '[8.8.8.8]'], '8.8.8.8', ''],
    [['2a00:1450::25', '[IPv6:2a00:1450::25]'], '2a00:1450::25', ''],
  ] as const)
    for (const spelling of spellings)
      it(spelling, () => {
        const address = addressOf(spelling);
        assert.equal(address?.text, text);
        const kinds = (['loopback', 'private', 'special'] as const).filter((one) => address?.[one]);
        assert.equal(kinds.join(' '), kind);
        // The quick look at the bytes of a log agrees.
        const b = bytes(`x${spelling}y`);
        const found = new Addresses().loopback(b, 1, b.length - 1);
        assert.equal(found?.text, kind.includes('loopback') ? text : undefined);
      });

  for (const text of [
    '',
    'mx.example',
    'localhost',
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '127.0.0.01',
    '127.0.0.256',
    '127.0.0.1.example',
    '::1::',
    '[::1',
    '::1]',
    '[::1]x',
    '::1%',
    '127.0.0.1:',
    '1:2',
    ':',
    '0',
  ])
    it(`${JSON.stringify(text)} is none`, () => {
      assert.equal(addressOf(text), undefined);
      assert.equal(new Addresses().loopback(bytes(text), 0, text.length), undefined);
    });

  it('never throws, and the quick look never misses what a whole look finds', () => {
    const text = fc.stringMatching(/^\[?(IPv6:)?[0-9a-fF:.%]{0,20}\]?(:\d+)?$/);
    fc.assert(
      fc.property(text, (one) => {
        const address = addressOf(one);
        const quick = new Addresses().loopback(bytes(one), 0, one.length);
        assert.equal(quick?.text, address?.loopback ? address.text : undefined);
      }),
      { numRuns: 2000 },
    );
  });
  it('remembers spellings without mixing them up, also past its limit', () => {
    const addresses = new Addresses();
    for (let round = 0; round < 2; round++)
      for (let i = 0; i < 12_000; i++) {
        const text = `127.0.${i >> 8}.${i & 255}`;
        assert.equal(addresses.loopback(bytes(text), 0, text.length)?.text, text);
      }
  });
  it('gives the network in which it lies', () => {
    for (const [text, network] of [
      ['192.0.2.77', '192.0.2.64/27'],
      ['255.255.255.255', '255.255.255.224/27'],
      ['2001:db8:1:2::3', '2001:db8::/35'],
      ['2001:db8:ffff::3', '2001:db8:e000::/35'],
    ])
      assert.equal(addressOf(text)!.network(27, 35), network);
  });
});

describe('networks', () => {
  for (const [network, inside, outside] of [
    ['192.0.2.0/24', '::ffff:192.0.2.9', '192.0.3.1'],
    ['192.0.2.7', '[192.0.2.7]:25', '192.0.2.8'],
    ['2001:db8::/32', 'IPv6:2001:db8:0:0:0:0:0:1', '2001:db9::1'],
    ['2001:db8::1', '2001:DB8::1', '2001:db8::2'],
    ['::ffff:192.0.2.0/120', '192.0.2.9', '192.0.3.1'],
    ['::/0', '2001:db8::1', '192.0.2.1'],
    ['0.0.0.0/0', '192.0.2.1', '2001:db8::1'],
  ])
    it(`${network} holds ${inside} but not ${outside}`, () => {
      assert.equal(Network.of(network)!.has(addressOf(inside)!), true);
      assert.equal(Network.of(network)!.has(addressOf(outside)!), false);
    });
  for (const text of ['', '10/8', '10', '12345', '192.0.2.0/33', '2001:db8::/129', '192.0.2.0/', 'mx.example', '/8'])
    it(`${JSON.stringify(text)} is none`, () => assert.equal(Network.of(text), undefined));
  it('hold one another', () => {
    const holds = (wide: string, narrow: string) => Network.of(wide)!.holds(Network.of(narrow)!);
    assert.equal(holds('192.0.2.0/24', '192.0.2.128/25'), true);
    assert.equal(holds('192.0.2.128/25', '192.0.2.0/24'), false);
    assert.equal(holds('192.0.2.0/24', '::ffff:192.0.2.1'), true);
    assert.equal(holds('::/0', '192.0.2.1'), false);
  });
});
