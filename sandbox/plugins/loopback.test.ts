import { describe, expect, it } from "vitest";
import { UserError } from "../../model/errors";
import { loopbackUrl } from "./loopback";

describe("loopbackUrl", () => {
  it.each([
    "http://127.0.0.1:1",
    "http://127.203.4.5:5353/client/v4",
    "http://[::1]:80",
    "http://localhost:99",
  ])("takes %s", (url) => {
    expect(loopbackUrl("aws", "aws:endpoints", url)).toBe(url);
  });
  it.each([
    undefined,
    "",
    "nonsense",
    "https://route53.amazonaws.com",
    "http://127.0.0.1.example.com",
    "http://1270.0.0.1",
    "http://10.0.0.1",
    "ftp://127.0.0.1",
    "http://127.0.0.1@example.com",
  ])("refuses %s", (url) => {
    expect(() => loopbackUrl("aws", "aws:endpoints", url)).toThrow(UserError);
  });
});
