// Starts a VS Code of its own for one test file.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from '../host/browser.mjs';
import { startServer, workbenchUrl } from '../host/server.mjs';
import { root } from '../root';
import { watchFaults } from './faults';
import { selectors } from './selectors';
import { themes, type Theme } from './themes';
import { Workbench } from './workbench';
import { makeWorkspace, type Folder } from './workspace';

export interface WorkbenchOptions {
  /** What is open; the samples by default. */
  folder?: Folder;
  settings?: Record<string, unknown>;
  theme?: Theme;
  /** VS Code's display language as extensions see it; the workbench's own words stay English. */
  language?: 'en' | 'it';
  /** The folder is not trusted (Restricted Mode). */
  restricted?: boolean;
  /** Environment of the extension host. */
  env?: NodeJS.ProcessEnv;
  /** The extension under development; the project by default. */
  extension?: string;
  /** A packaged extension to install and test, in place of the one under development. */
  vsix?: string;
  size?: { width: number; height: number };
}

/** Opens VS Code with fresh data folders. The caller closes it. */
async function startWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const { theme = 'dark', language, vsix, size = { width: 1280, height: 800 } } = options;
  const samples = join(root, 'samples');
  const workspace = makeWorkspace(options.folder ?? (existsSync(samples) ? samples : {}));
  // VS Code would else follow the browser's preference for light or dark.
  const settings = {
    'window.autoDetectColorScheme': false,
    'window.autoDetectHighContrast': false,
    'workbench.colorTheme': themes[theme].id,
    ...options.settings,
  };
  const server = await startServer(root, { settings, env: options.env, restricted: options.restricted });
  try {
    if (vsix) {
      const { node, server: program, folders, environment } = server.install;
      execFileSync(node, [program, '--install-extension', vsix, ...folders], { env: environment, stdio: 'pipe' });
    }
    const browser = await launchBrowser();
    try {
      const context = await browser.newContext({ viewport: size });
      const faults = watchFaults(context);
      // The name under which VS Code's web build looks for its language.
      if (language)
        await context.addInitScript((id) => {
          (globalThis as Record<string, unknown>)._VSCODE_NLS_LANGUAGE = id;
        }, language);
      const page = await context.newPage();
      await page.goto(
        workbenchUrl(server, { folder: workspace.folder, extension: vsix ? undefined : (options.extension ?? root) }),
      );
      // The colours come with the settings, a moment after the workbench.
      await page.locator(selectors.themed(theme)).waitFor();
      const close = async () => {
        await browser.close();
        await server.stop();
        workspace.remove();
      };
      return new Workbench(page, faults, workspace.folder, close);
    } catch (error) {
      await browser.close();
      throw error;
    }
  } catch (error) {
    await server.stop();
    workspace.remove();
    throw error;
  }
}

/**
 * One VS Code for the enclosing `describe`, closed after it; a failed test leaves a screenshot in artifacts/.
 * @returns a function, since the workbench exists only once the tests run
 */
export function useWorkbench(options: WorkbenchOptions = {}): () => Workbench {
  let workbench: Workbench | undefined;
  before(async () => {
    workbench = await startWorkbench(options);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.screenshot(`failed ${this.currentTest.fullTitle()}`);
  });
  after(async () => {
    await workbench?.close();
  });
  return () => {
    if (!workbench) throw new Error('The workbench is there only while the tests run.');
    return workbench;
  };
}
