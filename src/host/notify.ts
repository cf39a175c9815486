import { window } from 'vscode';

/** A button of a message and what it does. */
export type Action = [label: string, act: () => void];

/** Something that the user wanted, or relies on, did not work. */
export function complain(message: string, ...actions: Action[]): void {
  void window
    .showErrorMessage(message, ...actions.map(([label]) => label))
    .then((chosen) => actions.find(([label]) => label === chosen)?.[1]());
}

/** Something was done, but not all of it. */
export function warn(message: string, ...actions: Action[]): void {
  void window
    .showWarningMessage(message, ...actions.map(([label]) => label))
    .then((chosen) => actions.find(([label]) => label === chosen)?.[1]());
}
