import { generateKeyPairSync } from "node:crypto";
import type { Environment } from "../../../src/config/env.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

export const privateKeyPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
export const publicKeyPem = publicKey.export({ type: "spki", format: "pem" }).toString();
export const telegramToken = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
export const discordToken = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB";

/** The least that works, with an OAuth app; each test changes what it is about. */
export const valid: Environment = {
  COZE_JWT_OAUTH_CLIENT_ID: "1173949710000",
  COZE_JWT_OAUTH_PUBLIC_KEY_ID: "4hmXW9d4XIhrKMEkdNvWVzuLJzPPD0XWVOlg5b2gB3o",
  COZE_JWT_OAUTH_PRIVATE_KEY: privateKeyPem,
  COZE_BOT_ID: "7379462189365198898",
  TELEGRAM_BOT_TOKEN: telegramToken,
};
