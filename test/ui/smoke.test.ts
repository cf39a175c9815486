import { useWorkbench } from './start';

describe('The workbench', () => {
  const workbench = useWorkbench();

  it('shows the Mail Flow container in the activity bar', async () => {
    await workbench().container('Mail Flow').waitFor();
  });
});
