import type { LongPolling } from "../long-polling.ts";
import type { Parameters } from "../parameters.ts";
import { badRequest, flood, reasons } from "../refusal.ts";
import type { ScopedClock } from "../scoped-clock.ts";
import type { UpdateQueue } from "../update-queue.ts";
import { DescribedResult, type Methods } from "./method.ts";

interface Webhook {
  readonly url: string;
  readonly hasCertificate: boolean;
  readonly maxConnections: number;
}

const DOWN: Webhook = { url: "", hasCertificate: false, maxConnections: 0 };

interface Parts {
  readonly queue: UpdateQueue;
  readonly polling: LongPolling;
  readonly clock: ScopedClock;
}

/** How the bot gets its updates. Of webhooks there is only the state: nothing is delivered to one. */
export function updateMethods({ queue, polling, clock }: Parts): Methods {
  let webhook = DOWN;
  let nextSetWebhookAt = 0;

  const change = (next: Webhook, parameters: Parameters): DescribedResult => {
    const isDown = next.url === "";
    const drop = parameters.flag("drop_pending_updates");
    queue.allow(parameters.json("allowed_updates"));
    const isSame = next.url === webhook.url && next.maxConnections === webhook.maxConnections && !next.hasCertificate;
    if (isSame && !webhook.hasCertificate && !drop) {
      return new DescribedResult(true, isDown ? "Webhook is already deleted" : "Webhook is already set");
    }
    if (drop) queue.clear();
    if (!isDown) polling.endByConflict("terminated by setWebhook request");
    webhook = next;
    return new DescribedResult(true, isDown ? "Webhook was deleted" : "Webhook was set");
  };

  return {
    async getUpdates(parameters, hungUp) {
      if (webhook.url !== "") {
        throw await polling.conflict(reasons.webhookActive);
      }
      queue.allow(parameters.json("allowed_updates"));
      const poll = {
        offset: parameters.integer("offset"),
        limit: parameters.integer("limit", { fallback: 100, min: 1, max: 100 }),
        timeoutSeconds: parameters.integer("timeout", { min: 0, max: 50 }),
      };
      return polling.poll(poll, hungUp);
    },

    setWebhook(parameters) {
      const url = parameters.text("url");
      if (url === "") return change(DOWN, parameters);
      if (!url.startsWith("https://")) throw badRequest("bad webhook: An HTTPS URL must be provided for webhook");
      if (clock.now() < nextSetWebhookAt) throw flood(1);
      nextSetWebhookAt = clock.now() + 1000;
      const hasCertificate = parameters.file("certificate") !== undefined;
      const maxConnections = parameters.integer("max_connections", { fallback: 40, min: 1, max: 100 });
      return change({ url, hasCertificate, maxConnections }, parameters);
    },

    deleteWebhook: (parameters) => change(DOWN, parameters),

    getWebhookInfo: () => ({
      url: webhook.url,
      has_custom_certificate: webhook.hasCertificate,
      pending_update_count: queue.size,
      ...(webhook.url !== "" && { max_connections: webhook.maxConnections }),
      ...(queue.allowedUpdates !== undefined && { allowed_updates: queue.allowedUpdates }),
    }),
  };
}
