// What is compiled to WebAssembly: the parts of reading logs that look at every byte of the common lines.
export { lines, next, room } from './block';
export { postfix, postfixRecords } from './postfix';
export { postfixForget, postfixProtocol, postfixRelay } from './postfixnames';
export { forgetStamp, learnOrigin, learnStamp } from './syslog';
