import type { WordId } from '../model';
import { packable } from './pack';
import { Words } from '../text/words';

/** More of a name is not kept (RFC 1035 allows 255 octets). */
const longestName = 255;

/**
 * Names of mail servers. They are the same in upper and lower case (RFC 4343) and shown as logged: where a log spells
 * one in several ways, in the first of these by alphabet, so that the order of reading changes nothing.
 */
export class ServerNames {
  private readonly words: Words;
  private readonly spellings: string[];

  /** @param limit most names kept; the others are `(other)`. */
  constructor(limit: number) {
    this.words = new Words(limit, true);
    this.spellings = ['', '(other)'];
  }

  /** The id of a server; 0 where nothing or a dash stands for its name, as syslog writes one that it does not know. */
  id(text: string): WordId {
    const name = text.slice(0, longestName).replace(/\.$/, '');
    if (name === this.spellings[1]) return 1;
    const id = name === '-' ? 0 : this.words.internText(name);
    if (id > 1 && !(this.spellings[id] <= name)) this.spellings[id] = name;
    return id;
  }

  /** The name as it is shown. */
  text(id: WordId): string {
    return this.spellings[id];
  }

  /** All names in the order of their ids. */
  list(): string[] {
    return [...this.spellings];
  }

  /** Takes over all names of `other`; returns, for each of its ids, the id here. */
  merge(other: ServerNames): Int32Array {
    return Int32Array.from(other.spellings, (name, id) => (id < 2 ? id : this.id(name)));
  }
}

packable('ServerNames', ServerNames);
