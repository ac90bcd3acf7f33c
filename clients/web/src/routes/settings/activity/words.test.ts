import { expect, test } from "vitest";
import { deviceOf } from "./device";
import { wordsFor } from "./words";

test("actions are told in words, and unknown ones as they are called", () => {
  expect(wordsFor("accounts.session_opened.v1")).toBe("Signed in");
  expect(wordsFor("accounts.something_new.v2")).toBe("accounts.something_new.v2");
});

test.each([
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"],
  ["Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"],
  ["Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"],
  ["curl/8.9.1", "curl"],
])("%s is %s", (userAgent, device) => expect(deviceOf(userAgent)).toBe(device));
