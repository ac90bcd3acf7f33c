// One's data on one's own machine; and an account that goes, and stays after all.
import assert from "node:assert/strict";
import { signsUp } from "../driver/person.mjs";

const EMAIL = "leaving@example.org";

export default async function ({ newBrowser, looks }) {
  const { newTab } = await newBrowser();
  const ada = await newTab();
  await signsUp(ada, EMAIL);
  await ada.goes("/settings/data");

  const file = await ada.downloads(() => ada.within("region", "data.export").presses("data.download"));
  await ada.isTold("data.exported");
  assert.match(file.name, /^no-drake-\d{4}-\d\d-\d\d\.zip$/);
  assert.equal(file.content.subarray(0, 2).toString(), "PK");

  await ada.presses("deletion.action");
  const question = ada.within("dialog", "deletion.ask");
  await looks(ada, "dialog-deletion");
  await question.types("deletion.type_email", "somebody@example.org");
  await question.presses("deletion.action");
  await question.sees("deletion.not_same");
  await question.types("deletion.type_email", EMAIL);
  await question.presses("deletion.action");
  await ada.isTold("deletion.requested");
  await ada.sees("deletion.pending");
  await ada.goes("/"); // on every screen
  await ada.seesA("complementary", "deletion.title");
  await looks(ada, "deletion-pending");
  await ada.presses("deletion.cancel");
  await ada.isTold("deletion.cancelled");
  await ada.misses("deletion.pending");
  await ada.goes("/settings/data");
  await ada.seesA("button", "deletion.action");
}
