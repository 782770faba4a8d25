import { expect, test } from '@playwright/test';
import { answers, ask, createConversation, openConversation } from './conversation';
import { addDocument, choose, documentRow, handbook, openKnowledge, paste } from './documents';
import { pdfWith } from './pdf';
import { registerQuickly } from './people';

test.beforeEach(async ({ page, context }) => {
  await registerQuickly(context);
  await openKnowledge(page);
});

test('what was pasted is indexed, found with its words marked, and opened at its place', async ({
  page,
}) => {
  await expect(page.getByRole('heading', { name: 'No documents yet' })).toBeVisible();
  await paste(page, 'Handbook', handbook, true);
  await expect(documentRow(page, 'Handbook')).toContainText('Indexed');
  await expect(documentRow(page, 'Handbook')).toContainText('Markdown');

  await page.getByLabel('Search the documents').fill('dust silver brush');
  await page.getByLabel('Search the documents').press('Enter');
  await expect(page.getByText('Search by words only')).toBeVisible();
  await expect(page.getByRole('status', { name: 'Found' })).toContainText('by words only');
  const hit = page.getByRole('article', { name: 'Found in Handbook' }).first();
  await expect(hit).toContainText('Studio › Keeping');
  await expect(hit.locator('mark').filter({ hasText: /^brush$/ })).toBeVisible();
  await hit.getByText('Why it was found').click();
  await expect(hit).toContainText('words (BM25)');

  await hit.getByRole('link', { name: 'Handbook' }).click();
  await expect(page).toHaveURL(/\/knowledge\/[0-9a-f-]{36}\?start=\d+&end=\d+$/);
  const mark = page.locator('mark').filter({ hasText: 'brush of goat hair' });
  await expect(mark).toBeInViewport();
  // Every character in front of it that is counted as two would move it.
  await expect(page.locator('mark').filter({ hasText: 'tilt' })).toHaveCount(0);
  await expect(mark).toHaveText(
    'Never rub the silver. Dust it with a brush of goat hair, from the middle outwards.',
  );

  await expect(page.getByText('It begins with collodion')).toBeHidden();
  await page.getByRole('button', { name: 'Load what is before' }).click();
  await expect(page.getByText('It begins with collodion')).toBeAttached();
  await expect(page.getByRole('button', { name: 'Load what is before' })).toBeHidden();
  await page.goBack();
  await expect(page.getByLabel('Search the documents')).toHaveValue('dust silver brush');
  await expect(hit).toBeVisible();
});

test('it is shown how much of a large file has been sent', async ({ page, context }) => {
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  const unlimited = { offline: false, latency: 0, downloadThroughput: -1 };
  const throttle = (uploadThroughput: number) =>
    network.send('Network.emulateNetworkConditions', { ...unlimited, uploadThroughput });
  await throttle(200_000);
  const sent = page.getByRole('progressbar', { name: 'How much of plates.txt has been sent' });
  await choose(page, {
    name: 'plates.txt',
    content: Buffer.from('A plate of iron. '.repeat(60_000)),
  });
  await expect(page.getByText('Sending plates.txt…')).toBeVisible();
  const part = () => sent.evaluate((bar) => (bar as HTMLProgressElement).value);
  await expect.poll(part).toBeGreaterThan(0);
  expect(await part()).toBeLessThan(1);

  await throttle(-1);
  await expect(documentRow(page, 'plates')).toContainText('Indexed');
  await expect(sent).toBeHidden();
});

test('a search without an answer says so', async ({ page, context }) => {
  await addDocument(context, 'iron.txt', 'A tintype is made on iron.');
  await expect(documentRow(page, 'iron')).toContainText('Indexed');
  await page.getByLabel('Search the documents').fill('submarine');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('heading', { name: 'No document says this' })).toBeVisible();
});

test('files of several formats become documents, and what is damaged says why it does not', async ({
  page,
}) => {
  const pdf = pdfWith('The museum lends its plates in October');
  const html = '<html><body><h1>Fees</h1><p>A loan costs forty francs.</p></body></html>';
  await choose(
    page,
    { name: 'loans.pdf', content: pdf },
    { name: 'fees.html', content: Buffer.from(html) },
    { name: 'damaged.pdf', content: pdf.subarray(0, pdf.length / 2) },
  );
  await expect(documentRow(page, 'loans')).toContainText('Indexed');
  await expect(documentRow(page, 'loans')).toContainText('PDF');
  await expect(documentRow(page, 'fees')).toContainText('Indexed');
  await expect(documentRow(page, 'fees')).toContainText('HTML');
  await expect(documentRow(page, 'damaged')).toContainText('Failed');
  await expect(documentRow(page, 'damaged')).toContainText('It is damaged');

  await documentRow(page, 'damaged').getByRole('link', { name: 'damaged' }).click();
  await expect(page.getByText('There is no text, because it cannot be read.')).toBeVisible();
  await page.getByRole('link', { name: 'All documents' }).click();
  await documentRow(page, 'loans').getByRole('link', { name: 'loans' }).click();
  await expect(page.getByText('The museum lends its plates in October')).toBeVisible();
});

test('files are dropped, and the same content twice is one document', async ({ page }) => {
  const drop = async (name: string, text: string) => {
    const dataTransfer = await page.evaluateHandle(
      ([name = '', text = '']) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text], name));
        return transfer;
      },
      [name, text],
    );
    await page.getByText('Or drop files here').dispatchEvent('drop', { dataTransfer });
  };
  await drop('notes.txt', 'The lamp burns whale oil.');
  await expect(documentRow(page, 'notes')).toContainText('Indexed');
  await drop('copy.txt', 'The lamp burns whale oil.');
  await expect(page.getByText('copy.txt is already there')).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss the notice about copy.txt' }).click();
  await expect(page.getByText('copy.txt is already there')).toBeHidden();
  await expect(page.getByRole('list', { name: 'Documents' }).getByRole('article')).toHaveCount(1);
});

test('what cannot become a document says what to do', async ({ page }) => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  await choose(
    page,
    { name: 'plate.png', content: png },
    { name: 'empty.txt', content: Buffer.alloc(0) },
  );
  const alerts = page.getByRole('alert');
  await expect(alerts.filter({ hasText: 'plate.png was not added' })).toContainText(
    'Save it as a PDF, HTML, Markdown or plain text.',
  );
  await expect(alerts.filter({ hasText: 'empty.txt was not added' })).toContainText(
    'Choose a file with text.',
  );
  // The same file would be refused again.
  await expect(page.getByRole('button', { name: 'Try again' })).toHaveCount(0);

  await page.getByRole('button', { name: 'Paste text' }).click();
  await page.getByRole('button', { name: 'Add document' }).click();
  await expect(page.getByLabel('Title')).toBeFocused();
  await expect(page.getByLabel('Title')).toHaveAccessibleDescription('Must not be blank.');
});

test('a document that does not arrive is sent again', async ({ page }) => {
  await page.route('**/trpc/knowledge.documents.add*', (route) => route.abort());
  await choose(page, { name: 'iron.txt', content: Buffer.from('A tintype is made on iron.') });
  const alert = page.getByRole('alert').filter({ hasText: 'iron.txt was not added' });
  await expect(alert).toContainText('The server could not be reached.');
  await page.unroute('**/trpc/knowledge.documents.add*');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(documentRow(page, 'iron')).toContainText('Indexed');
  await expect(alert).toBeHidden();
});

test('a second window sees documents come, become indexed, and go', async ({ page, context }) => {
  const other = await context.newPage();
  await openKnowledge(other);
  await paste(page, 'Opening hours', 'The studio opens at nine.');
  await expect(documentRow(other, 'Opening hours')).toContainText('Indexed');
  const opened = await context.newPage();
  await openKnowledge(opened);
  await documentRow(opened, 'Opening hours').getByRole('link').click();
  await expect(opened.getByText('The studio opens at nine.')).toBeVisible();

  await page.getByRole('button', { name: 'Delete Opening hours' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Delete Opening hours?' });
  await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await dialog.getByRole('button', { name: 'Delete document' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Knowledge', exact: true })).toBeFocused();
  await expect(documentRow(page, 'Opening hours')).toHaveCount(0);
  await expect(documentRow(other, 'Opening hours')).toHaveCount(0);
  await expect(other.getByRole('heading', { name: 'No documents yet' })).toBeVisible();
  await expect(opened.getByText('There is no such document')).toBeVisible();
});

test('a document deleted where it is open leads back to the others', async ({ page, context }) => {
  await addDocument(context, 'iron.txt', 'A tintype is made on iron.');
  await documentRow(page, 'iron').getByRole('link').click();
  await page.getByRole('button', { name: 'Delete iron' }).click();
  await page.getByRole('button', { name: 'Delete document' }).click();
  await expect(page).toHaveURL('/knowledge');
  await expect(page.getByRole('heading', { name: 'No documents yet' })).toBeVisible();
});

test('an answer names its passages, and they open at their place', async ({ page, context }) => {
  await addDocument(context, 'handbook.md', handbook);
  await expect(documentRow(page, 'handbook')).toContainText('Indexed');
  await openConversation(page, await createConversation(context, 'Cleaning'));
  await ask(page, 'Which brush dusts the silver?');

  const answer = answers(page);
  await expect(answer).toContainText('Dust it with a brush of goat hair');
  const sources = answer.getByRole('region', { name: 'Sources' });
  await expect(sources).toContainText('handbook › Studio › Keeping');
  await sources.getByText('Passage').first().click();
  await expect(sources.locator('blockquote').first()).toContainText('Never rub the silver.');
  await expect(answer.getByRole('link', { name: 'Source [1]' }).first()).toBeVisible();

  await answer.getByRole('link', { name: 'Source [1]' }).first().click();
  await expect(page.locator('mark').filter({ hasText: 'brush of goat hair' })).toBeInViewport();
  await page.goBack();
  await sources.getByRole('link', { name: 'handbook › Studio › Keeping' }).click();
  await expect(page.locator('mark').filter({ hasText: 'brush of goat hair' })).toBeInViewport();
});

test('an answer from nowhere names nothing', async ({ page, context }) => {
  await openConversation(page, await createConversation(context, 'Hours'));
  await ask(page, 'When do you open?');
  await expect(answers(page)).toContainText('No model is configured');
  await expect(page.getByRole('region', { name: 'Sources' })).toHaveCount(0);
});

test('long lists come page by page', async ({ page, context }) => {
  for (let n = 0; n < 23; n += 1) await addDocument(context, `note ${n}.txt`, `This is note ${n}.`);
  await page.reload();
  const rows = page.getByRole('list', { name: 'Documents' }).getByRole('article');
  await expect(rows).toHaveCount(20);
  await page.getByRole('button', { name: 'Load more' }).click();
  await expect(rows).toHaveCount(23);
  await expect(page.getByRole('button', { name: 'Load more' })).toBeHidden();
});

test('a list that cannot be read says so, and is read again', async ({ page }) => {
  await page.route('**/trpc/knowledge.documents.list*', (route) => route.abort());
  await page.reload();
  await expect(page.getByText('The documents could not be read')).toBeVisible();
  await page.unroute('**/trpc/knowledge.documents.list*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'No documents yet' })).toBeVisible();
});
