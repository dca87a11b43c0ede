import { AUTHORITATIVE_ANSWER } from "dns-packet";
import { isWithin, normalName } from "./names";
import { DnsListener } from "./wire";
import type { Zone } from "./zone";

/** Authoritative name server: one address that serves some zone copies (RFC 1034 section 4.3). */
export class NameServer {
  readonly zones: readonly Zone[];
  readonly #listener: DnsListener;
  #queries = 0;

  /** `zones` may hold a zone and a child of it: the longest match answers. */
  constructor(host: string, zones: readonly Zone[]) {
    this.zones = [...zones].sort((a, b) => b.origin.length - a.origin.length);
    this.#listener = new DnsListener(host, (question) => {
      this.#queries++;
      const name = normalName(question.name);
      const zone = this.zones.find((each) => isWithin(name, each.origin));
      if (!zone) return { rcode: "REFUSED" };
      const { rcode, answers, authorities } = zone.lookup(name, question.type);
      // The owner is echoed as it was asked, for resolvers that mix cases (draft-vixie-dnsext-dns0x20).
      for (const answer of answers) if (answer.name === name) answer.name = question.name;
      return { rcode, flags: AUTHORITATIVE_ANSWER, answers, authorities };
    });
  }

  /** `ip:port`, once listening. */
  get address(): string {
    return this.#listener.address;
  }

  /** Queries answered so far. */
  get queries(): number {
    return this.#queries;
  }

  listen(): Promise<string> {
    return this.#listener.listen();
  }

  close(): Promise<void> {
    return this.#listener.close();
  }
}
