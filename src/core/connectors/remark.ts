/** A sentence about the value of a setting: something that is wrong, or that the user should know. */
export interface Remark {
  /** The keys and positions that lead to what it is about, from the value of the setting on; empty for all of it. */
  at: (string | number)[];
  message: string;
}
