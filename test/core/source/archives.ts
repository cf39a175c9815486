import { gzipSync } from 'node:zlib';
import { zipSync, type Zippable } from 'fflate';

/** A Postfix log of six messages, each with TLS 1.3. */
export const log = Array.from({ length: 6 }, (_, i) => {
  const stamp = (second: number) => `Nov 24 08:2${i}:0${second} mx postfix/`,
    client = `client${i}.example[192.0.2.${i + 1}]`;
  const smtpd = `${stamp(1)}smtpd[${700 + i}]: `;
  return [
    `${smtpd}connect from ${client}`,
    `${smtpd}Anonymous TLS connection established from ${client}: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)`,
    `${smtpd}3D4E5F6A0${i}: client=${client}`,
    `${stamp(2)}qmgr[55]: 3D4E5F6A0${i}: from=<a@example.com>, size=${1000 + i}, nrcpt=1 (queue active)`,
    `${smtpd}disconnect from ${client} ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7`,
  ]
    .map((line) => `${line}\n`)
    .join('');
}).join('');

/** The log as `xz`, `bzip2` and `zstd` of the command line pack it. */
export const packedLog = {
  gz: gzipSync(log),
  xz: Buffer.from(
    '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4A15AcpdACcbysIBHQEdpMdruZM6M1wftm+WlP5NuC0n+fliX3LQK062/sR6PdVEK2jJ' +
      'p+s3Q3xEBplCBx7e3Zvb3aktkJSKVmpDsts6+ocJMY/c31zR76/BhWIBXuw1+UW+2TxeBQLEZ+tgO5Ku7fwRQ23JbxFhBU/Vnmwy' +
      'zdN8WXXr8j3MPjMukerkffXQCv2XXZniFH20h32YqsczngNFWIbB2lPSDdt4/LANK0FCDcgQhpCf7vNMhyN5M86DyOBMeLzQpm29' +
      'CbDeVpG1JG7NTyb1ohCOM0jHlxkRoXYCy5/CPpKXlWFc8q6Y8PBWkdeA08lsyNsjjdBkZsELZ2flKs7163ttacrtklM2vsbm0ngg' +
      'pMWO8yleLuRPJ0rubkpvJLQeobfC6QM4bt20ru2ffzmUEQc5asch3eSN/mq0qqSi73QPBhUA1LPAY9ZH1+giuZH1x0AKJW1D67PX' +
      'UW+bLqRaDJH22//mwUVUCMUGG5kkZQyFcHM2y5fdcQazKfan62BeE6F5ao33cS1CQXYOxTZKMo3xPVl0CG6cyu4XXw/DfId5Y3r6' +
      'hiGzuiWym7C59lDT3H97C3SbARK82Rc6sQ8p82dIyvdscVQKyzgAAAAArMT1KblSqAgAAeYD+hoAAPeGgryxxGf7AgAAAAAEWVo=',
    'base64',
  ),
  bz2: Buffer.from(
    'QlpoOTFBWSZTWUW6rKEAAwpfgAAQQGX/92/HDAq/5//wUANb3kAPZpKDAAAAAaAAAAACCo/aVA0NBoZGg0GhoGQZDCMVQAA0aAaA' +
      '00YIZNAARKpkyhtE8pk0xAAAADJpoClRBIm1NPKm0jNEYIyD0JoPUDSlvvJEpIlJEpIlJEpK4wtMCwA9MAMLBneu9ZXcuxfJfsjV' +
      'dKwvesrK6l+6/p7QkJCQkJSN8cwwB3x/RW8DeGgdA5QbrZJJJJNFdVWTh5hpBagGBUMAKx0NDQ4HA4HYuKrh5xcjPSvY7TmLXRoa' +
      'LTRoZyyZyyZyyclWjwzB6xYFgsdq6TRfAWradVljA1WPWLQW51E6VWJ6l6l8VpOh4J0WWMMLHQday1nSW1oxh7FqqzuYZnuLa0Yx' +
      'anWtkaMT3lteSa4xnDJfiWhlc1wF5Vuq8gvSLOfBr5ujct999999jY2NjY2NtttttutV0rwo9C+S/lfau9ar71usLdekvgu1eVfB' +
      'ci5F2rmW69y+aPiu5V8lsvuWS4o7Bdy/MXnedycnieO222229GAgQIEMAABVVVZmZmYAADARHYI/BHmI+5Gg4hzj4CsGgcQ0joGL' +
      'yRkZGRkZAOgYvHJJJJJBxg5BCoYOoBpB9B1l3L2r6LAtUfNbr/FWVlcF/C6xcytIDvDeG0cI4hsFd0b46hxjSNg7B/BqHWK4BuGw' +
      'V3BWobhrHxFbRtHYNC+i5quIt1Wq0XkRlH6LVdirReNeYXiLmsI6FzVda/5VyFutFXUK1g6R0jQOEf4cA0DlAbhzDYNo5xxFwXEX' +
      'Usr6lXWXEXNcFhZXFdiTVbFxXMWi8a6l9ZdRHtWy8K4Ksqt1XFZX/i7kinChIIt1WUI=',
    'base64',
  ),
  zst: Buffer.from(
    'KLUv/WR6DK0NAFYSPCAQkx6/mVqgupZQhp4IMMhQ5dFymYEiSpAzlIgAQAEFAjMANQA0AJGLHuIvFcsu/dTIbVwtVvnNmsZ3VTHO' +
      'lUsY5wwXK9tXEz5Ws3XO/HP9neSedHAen3cyJRknBDwe4BSpUBMGhCrIR1UcE6XVK7OVX9t6HEbfkax6aYtl6NbVcbYVicX1li8I' +
      'ZzwBMB+92FVdW6t27K6o161unID/3FmlYR84537WkNU+UNxcRQuamFJetM3lvCk5NxUe0hEbUKC3DVLKgpQyxihjjBDCCCF878H3' +
      '3v+//zdMbWF67cbxn3RTy39ilk6N7a3Rrf3NHHSoAdogClKSgoIUpjUQJRKpdlIoBBgIIcAIQIKEACYYwzCCB455E+3A+VQPdqjy' +
      'Xz1cJe5/C0baWBhOyqD5Zh2EK/Tvlqpq7foSSzLpGJassfHVDdLl8R8/uEpc/RaJtLkwnJRB80kdzKP0/56sSu37Fkw64RiWrKHx' +
      '1RokS+IfbrRq3P0Si6S5FEPIU+U4oq0sAOKPEnqlFzNFV5y/4AT1kUrm57OeovZHcBhpqtoDaPZzzO9O4Zvl1SMFBf8hQXUVyFyE' +
      'zw==',
    'base64',
  ),
};

/** A tar archive (ustar) of files, without padding to a record of twenty blocks. */
export function tar(files: readonly (readonly [name: string, bytes: Uint8Array, type?: string])[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const [name, bytes, type = '0'] of files) {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write(`${(1_795_000_000).toString(8)}\0`, 136);
    header.write(type, 156);
    header.write('ustar\x0000', 257);
    header.fill(' ', 148, 156);
    const sum = header.reduce((all, byte) => all + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    parts.push(header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512));
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** A zip archive of files, whose times are always the same. */
export function zip(files: Zippable): Buffer {
  return Buffer.from(zipSync(files, { mtime: new Date(2026, 10, 24, 12) }));
}
