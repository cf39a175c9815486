// What is compiled to WebAssembly: the parts of reading logs that look at every byte of the common lines.
export { fileRoom, lines, next, room } from './block';
export { rows, rowsAt } from './rows';
export { postfix, postfixRecords } from './postfix';
export { postfixForget, postfixProtocol, postfixRelay } from './postfixnames';
export { forgetStamp, learnOrigin, learnStamp } from './syslog';
export { smtp, smtpFirstMinute, smtpForget, smtpLastMinute, smtpRecords, smtpWording } from './smtp';
export { smtpConnector, smtpHost } from './smtpnames';
export { smtpDay } from './smtprow';
export { smtpNext, smtpSession, smtpStepped, smtpSteps, smtpWaiting, smtpWidth } from './smtpsessions';
