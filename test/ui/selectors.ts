// VS Code's own markup, which is nobody's contract: the version is pinned in test/host/vscode-host, and this is the one file
// to look through when that version changes.
import { themes, type Theme } from './themes';

/** A value in a CSS attribute selector. */
const quoted = (text: string) => JSON.stringify(text);

export const selectors = {
  /** The window in its colours, which come a moment after it. */
  themed: (theme: Theme) => `.monaco-workbench.${themes[theme].className}`,
  /** The icon of a view container; its label may go on with a shortcut or a badge. */
  container: (title: string) => `.activitybar .action-item a[aria-label^=${quoted(title)}]`,
  /** The same, while its views are in the side bar. */
  openContainer: (title: string) => `.activitybar .action-item.checked a[aria-label^=${quoted(title)}]`,
  /** The header of a view in the side bar. */
  view: (title: string) => `.split-view-view .pane-header[aria-label^=${quoted(title)}]`,
  treeRow: '.sidebar .pane-body [role="treeitem"]',
  /** What opens and closes a row of a tree. */
  twistie: '.monaco-tl-twistie',
  welcome: '.welcome-view-content',
  explorerRow: '.explorer-folders-view [role="treeitem"]',
  editorText: '.editor-instance .view-lines',
  /** The editor that has the keyboard. */
  focusedEditor: '.editor-instance .monaco-editor.focused',
  editorLine: '.editor-instance .view-line',
  codeLens: '.editor-instance .codelens-decoration',
  hover: '.monaco-hover .hover-contents',
  tab: '.tab',
  activeTab: '.tab.active',
  problems: '.markers-panel',
  problemRow: '.markers-panel [role="treeitem"]',
  quickBox: '.quick-input-widget',
  quickInput: '.quick-input-widget input',
  /** The same, while it has the keyboard. */
  focusedInput: '.quick-input-widget input:focus',
  quickOption: '.quick-input-list [role="option"]',
  /** What Enter takes. */
  quickActive: '.quick-input-list .monaco-list-row.focused',
  bell: '#status\\.notifications',
  notificationCenter: '.notifications-center.visible',
  notification: '.notifications-center .notification-list-item',
  contextMenuItem: '.context-view .action-item',
  /** A quick fix at a light bulb. */
  fixItem: '.action-widget [role="option"]',
  output: '.part.panel .view-lines',
  /** "Ln 1, Col 1" */
  cursor: '#status\\.editor\\.selection',
  /** The newest of the open webviews, and the frame in it that holds the extension's page. */
  webview: 'iframe.webview.ready >> nth=-1',
  webviewPage: 'iframe#active-frame',
};
