import { expect, test } from "vitest";
import { sessionName } from "../../../src/conversations/session-name.ts";

test("without a secret it names the platform and the person", () => {
  expect(sessionName("telegram", "42")).toBe("telegram:42");
});

test("with a secret it is the HMAC-SHA256 of that, and tells neither", () => {
  // printf %s telegram:42 | openssl dgst -sha256 -hmac 0123456789abcdef -binary | basenc --base64url
  expect(sessionName("telegram", "42", "0123456789abcdef")).toBe("u_6v4yp78zRVjW8OZDRidus_PWYVDlm4tLR43cP9P7_i4");
  expect(sessionName("telegram", "42", "0123456789abcdef")).toMatch(/^u_[\w-]{43}$/);
});

test("every person, platform and secret has another pseudonym", () => {
  const names = [
    sessionName("telegram", "42", "0123456789abcdef"),
    sessionName("discord", "42", "0123456789abcdef"),
    sessionName("telegram", "43", "0123456789abcdef"),
    sessionName("telegram", "42", "fedcba9876543210"),
  ];
  expect(new Set(names).size).toBe(names.length);
});
