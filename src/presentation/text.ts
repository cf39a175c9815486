import type { Milliseconds } from '../core/model';
import { shareOverText, shareText } from '../core/text/share';
import { english, type Translate } from '../core/text/translate';

/** Numbers, shares, dates and sentences in the reader's language and the report's time zone. */
export class Text {
  readonly t: Translate;
  private readonly locale: string;
  /**
   * Thousands are always set apart, also where a language does it only from 10,000 on: figures stand one below the
   * other.
   */
  private readonly integers: Intl.NumberFormat;
  /** By the number of decimals; to make one takes longer than to write a hundred shares with it. */
  private readonly shares: Intl.NumberFormat[] = [];

  /**
   * @param language BCP 47; what `Intl` does not know falls back to English.
   * @param sentences English sentence to sentence in the reader's language.
   * @param timeZone a name that `Intl` knows.
   */
  constructor(
    language: string,
    sentences: Readonly<Record<string, string>>,
    private readonly timeZone: string,
  ) {
    this.locale = supported(language);
    this.integers = new Intl.NumberFormat(this.locale, { useGrouping: 'always' });
    this.t = (message, ...args) => english(Object.hasOwn(sentences, message) ? sentences[message] : message, ...args);
  }

  /** BCP 47, as it is in use. */
  get language(): string {
    return this.locale;
  }

  number(n: number): string {
    return this.integers.format(n);
  }

  /** `part` of `of` as a percentage, by the rule of `shareText`: it never claims too much. */
  percent(part: number, of: number): string {
    return shareText(part, of, (share, digits) => this.share(share, digits));
  }

  /** A share that is over `threshold` percent, with as many decimals as show it. */
  percentOver(part: number, of: number, threshold: number): string {
    return shareOverText(part, of, threshold, (share, digits) => this.share(share, digits));
  }

  /** A share from 0 to 1 with at most so many decimals. */
  share(share: number, digits: number): string {
    return (this.shares[digits] ??= new Intl.NumberFormat(this.locale, {
      style: 'percent',
      maximumFractionDigits: digits,
    })).format(share);
  }

  /** A date from clock time given as if it were UTC, as in `Buckets`. */
  wall(wall: Milliseconds, options: Intl.DateTimeFormatOptions): string {
    return this.dates(options, 'UTC').format(wall);
  }

  /** The day of a moment in the report's zone. */
  day(moment: Milliseconds): string {
    return this.dates({ dateStyle: 'medium' }, this.timeZone).format(moment);
  }

  /** Date and time of a moment in the report's zone. */
  moment(moment: Milliseconds): string {
    return this.dates({ dateStyle: 'medium', timeStyle: 'short' }, this.timeZone).format(moment);
  }

  /** From one moment to another, without saying twice what both have in common. */
  range(from: Milliseconds, to: Milliseconds): string {
    return this.dates({ dateStyle: 'medium', timeStyle: 'short' }, this.timeZone).formatRange(from, Math.max(from, to));
  }

  /** The days from one moment to another (exclusive); within one day its times too. */
  span(from: Milliseconds, to: Milliseconds): string {
    const last = Math.max(from, to - 1);
    const days = this.dates({ dateStyle: 'medium' }, this.timeZone).formatRange(from, last);
    return this.day(from) === this.day(last) ? this.range(from, Math.max(from, to - 60_000)) : days;
  }

  /** From one time of a day to another. */
  clockRange(from: Milliseconds, to: Milliseconds): string {
    return this.dates({ timeStyle: 'short' }, this.timeZone).formatRange(from, Math.max(from, to));
  }

  /** How Vega writes the numbers of an axis in this language. */
  vegaNumbers(): { decimal: string; thousands: string; grouping: number[]; currency: [string, string] } {
    const parts = this.integers.formatToParts(1_234_567);
    const decimal =
      new Intl.NumberFormat(this.locale).formatToParts(1.5).find((part) => part.type === 'decimal')?.value ?? '.';
    return {
      decimal,
      thousands: parts.find((part) => part.type === 'group')?.value ?? '',
      grouping: [3],
      currency: ['', ''],
    };
  }

  private readonly formats = new Map<string, Intl.DateTimeFormat>();
  private dates(options: Intl.DateTimeFormatOptions, timeZone: string): Intl.DateTimeFormat {
    const key = `${timeZone} ${JSON.stringify(options)}`;
    let format = this.formats.get(key);
    if (!format) this.formats.set(key, (format = new Intl.DateTimeFormat(this.locale, { ...options, timeZone })));
    return format;
  }
}

function supported(language: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language).length > 0 ? language : 'en';
  } catch {
    return 'en';
  }
}
