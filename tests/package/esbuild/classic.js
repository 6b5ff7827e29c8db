import { configure } from "airalo-balance";

configure({ assetBase: "/assets" });

addEventListener("error", () => (window.seen = 1));

window.failLater = () => {
  setTimeout(() => {
    throw new Error("of the panel");
  });
};
