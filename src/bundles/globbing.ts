/** Finds files by a pattern. A bundle of its own: it is only needed for logs that are opened by a pattern. */
export { glob, isDynamicPattern } from 'tinyglobby';
