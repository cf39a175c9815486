import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TlsCode, tlsVersions } from '../../../src/core/model';
import { displayText } from '../../../src/core/text/display';
import { tlsVersion, withSuite } from '../../../src/core/text/tls';
import { Utf16Decoder, utf16Order } from '../../../src/core/text/utf16';
import { Words } from '../../../src/core/text/words';

describe('spellings of TLS versions', () => {
  const spellings: [TlsCode | undefined, string[]][] = [
    [TlsCode.ssl30, ['SSLv3', 'SSL 3.0', 'SP_PROT_SSL3_SERVER', '16', '32']],
    [TlsCode.tls10, ['TLSv1', 'TLSv1.0', 'TLS1.0', 'TLSv10', 'SP_PROT_TLS1_0_CLIENT', 'TLS 1.0', 'Tls10', '64', '128']],
    [TlsCode.tls11, ['TLSv1.1', 'TLS1.1', 'TLSv11', 'SP_PROT_TLS1_1_SERVER', '256', '512']],
    [
      TlsCode.tls12,
      ['TLSv1.2', 'TLS1.2', 'TLSv12', 'Tls12', 'TLS 1.2', 'SP_PROT_TLS1_2_SERVER', 'TLSv1_2', '1024', '2048'],
    ],
    [TlsCode.tls13, ['TLSv1.3', 'TLS1.3', 'TLSv1_3', 'TLSv13', 'SP_PROT_TLS1_3_CLIENT', 'TLS13', '4096', '8192']],
    [TlsCode.none, ['NONE', '-', 'null', '', 'No', 'No TLS', 'No Tls', 'NoTLS']],
    [
      TlsCode.tls,
      ['TLS', 'yes', 'TLSv1/SSLv3', 'TLSv1.4', 'TLSv1.25', 'TLSv2', 'TLSv1.x', 'SSLv23', 'SSL', 'DTLSv1.2'],
    ],
    [undefined, ['hello', '77', 'maybe']],
  ];
  for (const [code, texts] of spellings)
    for (const text of texts) it(`${JSON.stringify(text)}`, () => assert.equal(tlsVersion(text), code));
});

describe('cipher suites of one version alone', () => {
  const suites: [TlsCode.tls12 | TlsCode.tls13 | TlsCode.tls, string[]][] = [
    [
      TlsCode.tls13,
      [
        'TLS_AES_256_GCM_SHA384',
        'TLS_CHACHA20_POLY1305_SHA256',
        'TLS13_AES_128_GCM_SHA256',
        'TLS_AES_128_CCM_8_SHA256',
      ],
    ],
    [
      TlsCode.tls12,
      [
        'AES128-GCM-SHA256',
        'ECDHE-RSA-AES256-GCM-SHA384',
        'ECDHE-RSA-AES256-SHA384',
        'AES256-SHA256',
        'ECDHE-ECDSA-CHACHA20-POLY1305',
        'DHE-RSA-AES128-CCM8',
        'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
        'TLS_RSA_WITH_AES_256_CBC_SHA256',
      ],
    ],
    [
      TlsCode.tls,
      [
        'DHE-RSA-AES256-SHA',
        'RC4-MD5',
        'DES-CBC3-SHA',
        'PSK-AES128-CBC-SHA256',
        'TLS_PSK_WITH_AES_128_CBC_SHA256',
        // GnuTLS names the cipher, not the suite.
        'AES-256-GCM',
        'CHACHA20-POLY1305',
        '',
        `${'A-'.repeat(5000)}AES128-GCM-SHA256`,
      ],
    ],
  ];
  for (const [code, names] of suites)
    for (const name of names)
      it(`${name.slice(0, 60)} is ${tlsVersions[code]}`, () => assert.equal(withSuite(TlsCode.tls, name), code));
  it('change no version that the log states', () => {
    for (const code of [TlsCode.none, TlsCode.tls10, TlsCode.unknown, TlsCode.absent])
      assert.equal(withSuite(code, 'AES128-GCM-SHA256'), code);
  });
});

describe('hostile text', () => {
  it('shows every control, format and surrogate code unit', () => {
    for (let point = 0; point < 0x10000; point++) {
      const c = String.fromCharCode(point);
      if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(c)) assert.equal(displayText(`a${c}b`), `a\\u{${point.toString(16)}}b`);
    }
  });
  it('shortens long names and says by how much', () =>
    assert.equal(displayText('x'.repeat(65536), 10), `${'x'.repeat(10)}… (+65526)`));
  it('leaves ordinary names in any script alone', () => {
    for (const text of ['Müller', '组织内 SMTP 发送连接器', 'موصل', '<img src=x>'])
      assert.equal(displayText(text), text);
  });
});

describe('UTF-16', () => {
  it('gives the UTF-8 of any text, cut anywhere, in both byte orders @slow', () => {
    const pieces = fc
      .array(
        fc.constantFrom(
          'Nov 24 08:29:06 hub postfix/smtpd[10]: connect from mail.a.example[192.0.2.1]\n',
          'letters',
          '\x7f',
          '\x80',
          'ü',
          '組',
          '\u{1f4e7}',
          '\ud83d',
          '\udce7',
          '\ufeff',
        ),
        { maxLength: 12 },
      )
      .map((all) => all.join(''));
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), pieces),
        fc.array(fc.oneof(fc.nat(9), fc.nat(200)), { maxLength: 40 }),
        fc.boolean(),
        (text, cuts, big) => {
          const le = Buffer.from(text, 'utf16le');
          const bytes = big ? Buffer.from(le).swap16() : le;
          const decoder = new Utf16Decoder(big ? 'be' : 'le');
          const parts: Buffer[] = [];
          let at = 0;
          for (const cut of [...cuts, bytes.length]) {
            parts.push(Buffer.from(decoder.push(bytes.subarray(at, at + cut))));
            at += cut;
          }
          parts.push(Buffer.from(decoder.end() ?? []));
          assert.equal(Buffer.concat(parts).toString(), text.toWellFormed().replaceAll('\ufeff', ''));
        },
      ),
      { numRuns: 2000 },
    );
  });
  it('breaks off within a character, which is told, or within a line end, which says nothing', () => {
    const rest = (...bytes: number[]) => {
      const decoder = new Utf16Decoder('le');
      decoder.push(Uint8Array.from(bytes));
      return decoder.end();
    };
    for (const bytes of [
      [97, 0, 98],
      [97, 0, 0x3d, 0xd8],
      [97, 0, 0x3d, 0xd8, 0xe7],
    ])
      assert.deepEqual(rest(...bytes), Uint8Array.of(0xef, 0xbf, 0xbd), bytes.join());
    for (const bytes of [[], [97, 0], [97, 0, 13, 0], [97, 0, 13, 0, 10], [97, 0, 10, 0, 10]])
      assert.equal(rest(...bytes), undefined, bytes.join());
  });
  it('is told by its mark or by its zero bytes', () => {
    const text = 'date_time_utc,client_ip,"Überprüfung"\r\n'.repeat(20);
    assert.equal(utf16Order(Buffer.from(text, 'utf16le')), 'le');
    assert.equal(utf16Order(Buffer.from(text, 'utf16le').swap16()), 'be');
    assert.equal(utf16Order(Buffer.from('\ufeffa', 'utf16le')), 'le');
    assert.equal(utf16Order(Buffer.from(text)), undefined);
    assert.equal(utf16Order(Buffer.alloc(4096)), undefined);
  });
});

describe('words', () => {
  it('give equal ids to equal bytes only, and survive being absorbed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 12 })),
        fc.array(fc.string({ minLength: 1, maxLength: 12 })),
        (left, right) => {
          const a = new Words(1000),
            b = new Words(1000);
          for (const text of left) a.internText(text);
          const ids = right.map((text) => b.internText(text));
          const map = a.merge(b);
          right.forEach((text, i) => assert.equal(a.text(map[ids[i]]), text.toWellFormed()));
          assert.equal(a.length, 2 + new Set([...left, ...right].map((text) => text.toWellFormed())).size);
        },
      ),
      { numRuns: 500 },
    );
  });
  it('keep one id each through every growth of the tables', () => {
    const words = new Words(100_000);
    const names = Array.from({ length: 5000 }, (_, i) => `host${i}.example`);
    const ids = names.map((name) => words.internText(name));
    assert.deepEqual(
      names.map((name) => words.internText(name)),
      ids,
    );
    assert.equal(words.length, 5002);
  });
  it('past the limit become (other), counted', () => {
    const words = new Words(4);
    assert.deepEqual(
      ['a', 'b', 'c', 'a'].map((text) => words.text(words.internText(text))),
      ['a', 'b', '(other)', 'a'],
    );
    assert.equal(words.evicted, 1);
  });
  it('fold host names, and read what is not UTF-8 as Windows-1252', () => {
    const words = new Words(10, true);
    assert.equal(words.internText('MX.Example'), words.internText('mx.EXAMPLE'));
    assert.equal(words.text(words.intern(Uint8Array.from([0x4d, 0xfc, 0x6c]), 0, 3)), 'mül');
  });
});
